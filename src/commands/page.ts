import { endWith, ignoreElements } from 'rxjs'
import type { Surroundings } from '../config/whatGoesOn.js'
import type { Connection, Logger } from '../model.js'
import { supervise } from '../operators/supervise.js'

/** `--web`: the port of the page, or that there is to be one. */
export type WebOption = number | true

export const usualPagePort = 8080

/** A page for this machine alone that shows all that a reporter says, whatever its sections name, and commands all of its actuators. */
export async function pageBeside(
  options: { readonly port: number; readonly historyStep?: number },
  log: Logger,
  { commandSources$, ...observed }: Surroundings,
): Promise<Connection> {
  // Late: who has no page pays nothing.
  const { webConnection } = await import('../web/webConnection.js')
  const page = webConnection({ ...options, name: null, commandSources: commandSources$ }, log, observed)
  return (readings$) =>
    page(readings$).pipe(supervise(log, readings$.pipe(ignoreElements(), endWith('ended'))))
}
