import {
  asyncScheduler,
  concat,
  connect,
  defer,
  distinctUntilChanged,
  EMPTY,
  filter,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  type OperatorFunction,
  startWith,
  switchMap,
  timer,
} from 'rxjs'
import type { Logger } from '../model.js'
import { watchdog } from '../operators/watchdog.js'
import { type BluetoothOptions, isAdvertisement, type RadioState, sameState, type Sign } from './state.js'

/** How long it may be silent and deaf. */
export type Deadlines = Required<Pick<BluetoothOptions, 'silence' | 'restart'>>

/**
 * Adds to what a radio says of itself whether it hears anything at all: silence is deafness, whatever the adapter says,
 * and has remedies applied, each logged once, until something is heard. Without an adapter nobody is deaf.
 */
export const deafness =
  (
    { silence, restart }: Deadlines,
    log: Logger,
    apply: (remedy: Remedy) => void,
  ): OperatorFunction<Sign, RadioState> =>
  (signs$) =>
    defer(() => {
      const said = new Set<Rung>()
      let silentSince: number | undefined
      let missingSince: number | undefined
      let wasThere = false

      const forget = () => {
        said.clear()
        silentSince = undefined
      }
      const believed = (state: RadioState): RadioState => {
        if (state.kind === 'missing') missingSince ??= asyncScheduler.now()
        else {
          wasThere = true
          missingSince = undefined
        }
        // Adapters are known to agree to everything and yet to hear nothing.
        return state.kind === 'listening' && silentSince !== undefined
          ? { kind: 'deaf', since: silentSince }
          : state
      }
      const climb = (alarm: number, power: Power): Observable<RadioState> => {
        silentSince ??= asyncScheduler.now() - silence
        const rung = power === 'off' ? ladder[1] : (ladder[(alarm - 1) % ladder.length] ?? ladder[0])
        const remedy$ = defer(() => {
          if (!said.has(rung)) log.warn(`Nothing has been heard for ${seconds(silentSince)} s. ${rung.says}`)
          said.add(rung)
          apply(rung.remedy)
          return EMPTY
        })
        return power === 'off' ? remedy$ : concat(of({ kind: 'deaf' as const, since: silentSince }), remedy$)
      }
      const recover = (): Observable<RadioState> => {
        log.info(`hears again after ${seconds(silentSince)} s`)
        forget()
        return of({ kind: 'listening' })
      }
      const lostHope = (state: RadioState): Observable<RadioState> => {
        const since = state.kind === 'deaf' ? state.since : wasThere ? missingSince : undefined
        if (restart === 0 || since === undefined || !(state.kind === 'deaf' || state.kind === 'missing'))
          return EMPTY
        return timer(Math.max(0, since + restart - asyncScheduler.now())).pipe(
          map(() => ({ ...state, hopeless: true as const })),
        )
      }

      return signs$.pipe(
        connect((shared$) => {
          const heard$ = shared$.pipe(filter(isAdvertisement))
          const states$ = shared$.pipe(filter((sign) => 'kind' in sign))
          const alarms$ = states$.pipe(
            map(({ kind }): Power => (kind === 'missing' || kind === 'off' ? kind : 'on')),
            startWith('on' as const),
            distinctUntilChanged(),
            switchMap((power, index) => {
              if (power === 'on' && silentSince !== undefined)
                log.info(`The Bluetooth adapter is on again after ${seconds(silentSince)} s.`)
              // The silence of one that does not listen is no deafness.
              if (index > 0) forget()
              return power === 'missing'
                ? EMPTY
                : heard$.pipe(
                    watchdog(silence),
                    mergeMap((alarm) => (alarm === 0 ? recover() : climb(alarm, power))),
                  )
            }),
          )
          // First, so that what is silent since then is known by the time a state is believed.
          return merge(alarms$, states$.pipe(map(believed)))
        }),
        distinctUntilChanged(sameState),
        switchMap((state) => concat(of(state), lostHope(state))),
      )
    })

/** Whether an adapter can hear. */
type Power = 'on' | 'off' | 'missing'

const seconds = (since = asyncScheduler.now()) => Math.round((asyncScheduler.now() - since) / 1000)

/** What may make a deaf radio hear again. */
export type Remedy = 'restart the scan' | 'power-cycle' | 'open anew'

interface Rung {
  readonly remedy: Remedy
  /** For the log: what is done, and what a person can do. */
  readonly says: string
}

/** From the gentlest to the harshest; it is climbed again from the bottom, with ever longer pauses. */
const ladder: readonly [Rung, Rung, Rung] = [
  {
    remedy: 'restart the scan',
    says: 'Restarting the Bluetooth scan. If really nothing here ever sends, write Silence = 0 under [Bluetooth].',
  },
  {
    remedy: 'power-cycle',
    says: 'Switching the Bluetooth adapter off and on again. By hand: sudo rfkill unblock bluetooth; bluetoothctl power off; bluetoothctl power on.',
  },
  {
    remedy: 'open anew',
    says: 'Opening the Bluetooth adapter anew. By hand: unplug it and plug it in again, or reboot; from here on all this is tried again, ever less often.',
  },
]
