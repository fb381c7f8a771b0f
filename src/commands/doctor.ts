import {
  concat,
  concatMap,
  defer,
  EMPTY,
  from,
  lastValueFrom,
  map,
  type Observable,
  of,
  reduce,
  tap,
} from 'rxjs'
import type { Loaded } from '../config/load.js'
import { examineMachine } from '../doctor/examineMachine.js'
import { thisMachine } from '../doctor/machine.js'
import { escapeControls } from '../fields/problems.js'
import { formatProblem } from '../fields/problems.js'
import type { Finding } from '../plugin/plugin.js'
import { loadOnly } from './check.js'

/**
 * Prints how this machine and, where one is given, a configuration and its brokers are: a line each, `ok` or `not ok` with
 * what mends it. Publishes one test message on each broker, and an empty document where Home Assistant is told of devices; does not
 * disturb a daemon that runs. Resolves to the exit code: 1 when something is not ok.
 */
export async function doctor(file: string | undefined, machine = thisMachine): Promise<number> {
  const findings$ = concat(from(examineMachine(machine)), file === undefined ? EMPTY : examineConfig(file))
  const healthy$ = findings$.pipe(
    tap(({ ok, text }) => console.log(`${ok ? 'ok    ' : 'not ok'}  ${escapeControls(text)}`)),
    reduce((healthy, { ok }) => healthy && ok, true),
  )
  return (await lastValueFrom(healthy$, { defaultValue: true })) ? 0 : 1
}

const examineConfig = (file: string): Observable<Finding> =>
  defer(() => loadOnly(file)).pipe(concatMap((loaded) => findingsOf(file, loaded)))

function findingsOf(file: string, { problems, reporter, examinations = [] }: Loaded): Observable<Finding> {
  const found = problems.map((problem) => ({
    ok: problem.severity === 'warning',
    text: formatProblem(file, problem),
  }))
  return concat(
    found,
    reporter ? of({ ok: true, text: `${file} can be used` }) : EMPTY,
    ...examinations.map(({ section, findings$ }) =>
      findings$.pipe(map(({ ok, text }) => ({ ok, text: `[${section}] ${text}` }))),
    ),
  )
}
