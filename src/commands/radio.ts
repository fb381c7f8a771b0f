import {
  concatWith,
  map,
  merge,
  NEVER,
  type Observable,
  type Observer,
  takeUntil,
  tap,
  throwIfEmpty,
} from 'rxjs'
import { replay } from '../captures/replay.js'
import type { Logger } from '../model.js'
import { keepWhileUnheard } from '../operators/keepWhileUnheard.js'
import type { Advertisement } from '../radio/advertisement.js'
import { bluetoothRadio, heardAtLeast } from '../radio/bluetoothRadio.js'
import {
  type BluetoothOptions,
  type Radio,
  isHopeless,
  type RadioState,
  radioStateText,
} from '../radio/state.js'

/** What stands in the radio's place, if anything. */
export interface RadioOptions {
  /** A capture to play instead of listening; `-` is standard input. */
  readonly replay?: string | undefined
  readonly speed?: number | 'max' | undefined
}

/**
 * What the radio hears as a configuration has it listen, for ever; or what a capture holds, and then it completes, or fails with
 * NothingRead. A capture is read no faster than `ready$` emits.
 */
export const listen = (
  options: RadioOptions,
  log: Logger,
  ready$?: Observable<unknown>,
  bluetooth: BluetoothOptions = {},
): Observable<Advertisement> =>
  played(options, log, ready$)?.pipe(
    throwIfEmpty(() => new NothingRead()),
    heardAtLeast(bluetooth.minRssi),
  ) ?? bluetoothRadio(log, bluetooth).advertisements$

/** There was no advertisement in a capture. */
export class NothingRead extends Error {
  constructor() {
    super(
      'Nothing could be read: expected Bluetooth advertisements as JSON Lines (sensor-reporter record FILE), btsnoop (btmon -w FILE), pcap or pcapng.',
    )
  }
}

/** What waits at most while one configuration closes and the next one starts. */
const waiting = 100_000

/**
 * The one source of advertisements of the process, for whatever configuration runs: the Bluetooth adapters, or a capture in
 * their place. `deaf$` is told when the adapters are beyond hope, `tell` how they are doing.
 */
export function radio(
  options: RadioOptions,
  log: Logger,
  stop$: Observable<unknown>,
  deaf$: Pick<Observer<string>, 'next'>,
  tell: (state: string) => void,
): (options: BluetoothOptions) => Radio {
  const capture$ = played(options, log)
  if (!capture$)
    return (options) => {
      const { advertisements$, state$ } = bluetoothRadio(log, options)
      const despair = tap((state: RadioState) => {
        tell(radioStateText(state))
        if (isHopeless(state)) deaf$.next(hopeless[state.kind === 'missing' ? 'missing' : 'deaf'])
      })
      // What the broker retains must not say for ever that it listens.
      const stopped$ = stop$.pipe(map((): RadioState => ({ kind: 'stopped' })))
      return { advertisements$, state$: merge(state$.pipe(despair, takeUntil(stop$)), stopped$) }
    }
  const played$ = capture$.pipe(
    tap({ complete: () => log.info('the replay has ended; the program goes on until it is told to stop') }),
    takeUntil(stop$),
  )
  // Afterwards it is silent, as a radio is: devices that are not heard any more expire.
  const kept$ = played$.pipe(keepWhileUnheard(waiting), concatWith(NEVER))
  return ({ minRssi }) => ({ advertisements$: kept$.pipe(heardAtLeast(minRssi)), state$: NEVER })
}

const another = 'a new start might (Restart = 0 under [Bluetooth] goes on for ever)'

const hopeless = {
  deaf: `Bluetooth is deaf, and nothing has helped; ${another}`,
  missing: `the Bluetooth adapter has gone and is not found again; ${another}`,
}

function played(
  { replay: capture, speed = 1 }: RadioOptions,
  log: Logger,
  ready$?: Observable<unknown>,
): Observable<Advertisement> | undefined {
  if (capture === undefined) return undefined
  const source = capture === '-' ? process.stdin : capture
  return replay({ source, speed, log, ...(ready$ && { ready$ }) })
}
