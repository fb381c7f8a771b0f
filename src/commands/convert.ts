import { classes } from '../config/classes.js'
import { isYaml, readConfig } from '../config/load.js'
import { toIni } from '../config/toIni.js'
import { toYaml } from '../config/toYaml.js'
import { formatProblem } from '../fields/problems.js'

/** Prints a configuration in the other language: a YAML file as ini, an ini file as YAML. Resolves to the exit code. */
export async function convert(file: string): Promise<number> {
  const read = await readConfig(file)
  const { text, problems } =
    'problems' in read ? { text: '', ...read } : await (isYaml(file) ? toIni : toYaml)(read.text, classes)
  const errors = problems.filter(({ severity }) => severity === 'error')
  for (const problem of errors) console.error(formatProblem(file, problem))
  if (errors.length > 0) return errors.some(({ cause }) => cause === 'machine') ? 3 : 1
  process.stdout.write(text)
  return 0
}
