import { type Environment, load } from '../../src/config/load.js'
import { formatProblem } from '../../src/fields/problems.js'
import { environment } from './dummies.js'

/** What is wrong with a configuration, as `check` prints it; without the name of the file. */
export async function check(text: string, other: Partial<Environment> = {}): Promise<string[]> {
  const { problems } = await load(text, { ...environment, ...other })
  return problems.map((problem) => formatProblem('x.ini', problem).replace('x.ini:', ''))
}

/** The same of a YAML file. */
export const checkYaml = async (text: string, other: Partial<Environment> = {}): Promise<string[]> =>
  (await load(text, { ...environment, ...other, file: 'x.yml' })).problems.map((problem) =>
    formatProblem('x.yml', problem).replace('x.yml:', ''),
  )
