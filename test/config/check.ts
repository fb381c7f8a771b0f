import { NEVER } from 'rxjs'
import { type Environment, load } from '../../src/config/load.js'
import { formatProblem } from '../../src/plugin/problems.js'
import { dummies, silent } from './dummies.js'

/** What is wrong with a configuration, as `check` prints it; without the name of the file. */
export async function check(text: string, environment: Partial<Environment> = {}): Promise<string[]> {
  const { problems } = await load(text, {
    file: 'x.ini',
    env: {},
    classes: dummies,
    radio: () => ({ advertisements$: NEVER, state$: NEVER }),
    getLogger: () => silent,
    ...environment,
  })
  return problems.map((problem) => formatProblem('x.ini', problem).replace('x.ini:', ''))
}
