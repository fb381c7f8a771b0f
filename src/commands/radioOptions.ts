import { accessSync, constants } from 'node:fs'
import { InvalidArgumentError } from 'commander'
import { concatWith, NEVER, type Observable, type Observer, takeUntil, tap } from 'rxjs'
import { replay } from '../captures/replay.js'
import type { Logger } from '../model.js'
import { keepWhileUnheard } from '../operators/keepWhileUnheard.js'
import { bluetoothRadio, heardAtLeast } from '../radio/bluetoothRadio.js'
import type { BluetoothOptions, Radio, RadioState } from '../radio/state.js'

/** The path that an argument is, if that can be read; `-` is standard input. */
export function capture(path: string): string {
  try {
    if (path !== '-') accessSync(path, constants.R_OK)
    return path
  } catch (error) {
    throw new InvalidArgumentError(
      `It cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`,
    )
  }
}

/** The number that an argument is, if it is above 0. */
export function positive(text: string): number {
  const value = Number(text)
  if (value > 0 && value < Infinity) return value
  throw new InvalidArgumentError('Expected a number greater than 0.')
}

export interface RadioOptions {
  /** A capture to play instead of listening; `-` is standard input. */
  readonly replay?: string | undefined
  readonly speed?: number | 'max' | undefined
}

/** What waits at most while one configuration closes and the next one starts. */
const waiting = 100_000

/**
 * The one source of advertisements of the process, for whatever configuration runs: the Bluetooth adapters, or a capture in
 * their place. `deaf$` is told when the adapters are beyond hope.
 */
export function radio(
  { replay: capture, speed = 1 }: RadioOptions,
  log: Logger,
  stop$: Observable<unknown>,
  deaf$: Pick<Observer<string>, 'next'>,
): (options: BluetoothOptions) => Radio {
  if (capture === undefined) {
    return (options) => {
      const { advertisements$, state$ } = bluetoothRadio(log, options)
      const despair = tap((state: RadioState) => {
        if (state.kind === 'deaf' && state.hopeless) deaf$.next(hopeless)
      })
      return { advertisements$, state$: state$.pipe(despair) }
    }
  }
  const source = capture === '-' ? process.stdin : capture
  const played$ = replay({ source, speed, log }).pipe(
    tap({ complete: () => log.info('the replay has ended; the program goes on until it is told to stop') }),
    takeUntil(stop$),
  )
  // Afterwards it is silent, as a radio is: devices that are not heard any more expire.
  const kept$ = played$.pipe(keepWhileUnheard(waiting), concatWith(NEVER))
  return ({ minRssi }) => ({ advertisements$: kept$.pipe(heardAtLeast(minRssi)), state$: NEVER })
}

const hopeless =
  'Bluetooth is deaf, and nothing has helped; a new start might (Restart = 0 under [Bluetooth] goes on for ever)'
