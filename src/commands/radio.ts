import { concatWith, NEVER, takeUntil, tap } from 'rxjs'
import type { Observable, Observer } from 'rxjs'
import type { BluetoothOptions } from '../bluetooth/bluetoothOptions.js'
import { bluetoothRadio } from '../bluetooth/bluetoothRadio.js'
import { heardAtLeast } from '../bluetooth/heardAtLeast.js'
import type { Radio } from '../bluetooth/radio.js'
import type { RadioState } from '../bluetooth/radioState.js'
import { replay } from '../captures/replay.js'
import type { Logger } from '../logging/logger.js'
import { keepWhileUnheard } from '../operators/keepWhileUnheard.js'

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
