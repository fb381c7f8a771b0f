import {
  asyncScheduler,
  catchError,
  concat,
  concatMap,
  connect,
  defer,
  distinctUntilChanged,
  EMPTY,
  filter,
  ignoreElements,
  map,
  merge,
  mergeMap,
  NEVER,
  type Observable,
  of,
  race,
  retry,
  startWith,
  Subject,
  switchMap,
  take,
  tap,
  throwError,
  timeout,
  timer,
} from 'rxjs'
import type { Logger } from '../model.js'
import { supervise } from '../operators/supervise.js'
import { type Deadlines, deafness, type Remedy } from './deafness.js'
import { openAdapter, radioError } from './openAdapter.js'
import type { Scanner, Wanted } from './openHci.js'
import { isAdvertisement, type RadioState, type Sign } from './state.js'

/**
 * Listens with one adapter (without a name the first one there) and does what can be done to go on: emits what is heard, and the
 * state whenever it changes. Where a named one stays away another one stands in.
 */
export const keepListening = (log: Logger, deadlines: Deadlines, wanted: Wanted = {}): Observable<Sign> =>
  defer(() => {
    const { adapter } = wanted
    const remedies$ = new Subject<Remedy>()
    const absences$ = new Subject<RadioState>()
    let scanner: Scanner | undefined
    let excuse: string | undefined
    let awaySince: number | undefined
    let standsIn = false
    // Switched off by ourselves, and not on again since: that is no other state than before.
    let leftOff = false

    const open = () => {
      const standIn = awaySince !== undefined && asyncScheduler.now() - awaySince >= absence
      return openAdapter(log, { ...wanted, standIn }).pipe(
        tap((opened) => {
          scanner = opened
          if (opened.standsIn && !standsIn)
            log.warn(
              `${adapter} has been missing for a minute: ${opened.adapter} takes its place until it is back.`,
            )
          if (!opened.standsIn && standsIn) log.info(`${adapter} is back, and takes its place again`)
          standsIn = opened.standsIn === true
        }),
      )
    }
    const relieved = ({ added$ = EMPTY }: Scanner) =>
      added$.pipe(
        filter(() => standsIn),
        tap(() => remedies$.next('open anew')),
        ignoreElements(),
      )
    const signs$ = remedies$.pipe(
      filter((remedy) => remedy === 'open anew'),
      startWith(undefined),
      switchMap(open),
      switchMap((opened) =>
        merge(
          relieved(opened),
          scanning(opened, log, adapter, () => leftOff),
        ),
      ),
      tap({
        error: (error: unknown) => {
          const { cause, message } = error as Error
          // One that does not answer is there all the same, and a power cycle may wake it up.
          if (cause === 'ETIMEDOUT') return
          awaySince ??= asyncScheduler.now()
          absences$.next({ kind: 'missing', reason: message })
        },
      }),
      filter((sign) => {
        // To `supervise` every sign is one of life, but what is off does not work again yet.
        const isOff = !isAdvertisement(sign) && sign.kind === 'off'
        if (isOff) absences$.next(sign)
        else if (!standsIn) awaySince = undefined
        return !isOff
      }),
      supervise(log),
    )
    const explain = (error: unknown) => {
      const { message } = error as Error
      if (message !== excuse) log.warn(`The Bluetooth adapter cannot be switched off and on: ${message}.`)
      excuse = message
      return EMPTY
    }
    const powerCycle = () =>
      defer(() => scanner?.powerCycle() ?? EMPTY).pipe(
        tap({ next: () => (leftOff = true), complete: () => (leftOff = false) }),
        catchError(explain),
      )
    const repairs$ = remedies$.pipe(
      filter((remedy) => remedy !== 'open anew'),
      concatMap((remedy) =>
        concat(
          remedy === 'power-cycle' || leftOff ? powerCycle() : EMPTY,
          defer(() => {
            scanner?.start()
            return EMPTY
          }),
        ),
      ),
      ignoreElements(),
    )
    return merge(repairs$, absences$, signs$).pipe(
      connect((shared$) =>
        merge(
          shared$.pipe(filter(isAdvertisement)),
          shared$.pipe(deafness(deadlines, log, (remedy) => remedies$.next(remedy))),
        ),
      ),
    )
  })

/** How long a named adapter may be away before another one stands in, ms. */
const absence = 60_000

/**
 * Keeps an opened radio listening: starts the scan when the adapter is on, again when it comes back on, and again when
 * another program stops it; reports when the scan has begun and when the adapter is off, unless that `isLeftOff` by a power cycle.
 * A state that does not mend itself is an error (see `radioError`).
 */
export const scanning = (
  scanner: Scanner,
  log: Logger,
  adapter?: string,
  isLeftOff = () => false,
): Observable<Sign> =>
  scanner.state$.pipe(
    filter((state) => state !== 'unknown' && state !== 'resetting'),
    distinctUntilChanged(),
    timeout({ first: patience, with: () => of('ETIMEDOUT') }),
    switchMap((state) => {
      if (state === 'poweredOn') {
        return merge(scanner.advertisements$, hearing(scanner), keepScan(scanner, log))
      }
      if (state !== 'poweredOff') return throwError(() => radioError(state, adapter))
      return timer(grace).pipe(
        filter(() => !isLeftOff()),
        tap(() => log.warn(off.reason)),
        map(() => off),
      )
    }),
  )

/** How long an adapter may say nothing of its state, and for how long one is not off that is being switched off and on, ms. */
const [patience, grace] = [10_000, 5_000]

const off = {
  kind: 'off',
  reason:
    'The Bluetooth adapter is switched off: run sudo rfkill unblock bluetooth && bluetoothctl power on.',
} as const

/** Reports once that the radio listens: the adapter has agreed to, or something is heard all the same. */
const hearing = ({ started$, advertisements$ }: Scanner): Observable<RadioState> =>
  merge(started$, advertisements$).pipe(
    take(1),
    map(() => ({ kind: 'listening' })),
  )

/**
 * Restarts a scan that was disturbed or refused after 1, 2, 4 … 60 s, or two programs would chase each other; after a minute of
 * peace anew, and so once the other one has ended its own scan and lets go.
 */
const keepScan = (scanner: Scanner, log: Logger): Observable<never> =>
  defer(() => {
    const { disturbed$, refused$ = NEVER } = scanner
    let attempts = 0
    let said: string | undefined
    const say = (words: string) => {
      if (words !== said) log.warn(words)
      said = words
    }
    const calm = () => {
      attempts = 0
      said = undefined
    }
    const letGo = (trouble: unknown) =>
      disturbed$.pipe(
        startWith(trouble),
        switchMap((how) => (how === 'stopped' ? timer(idle) : NEVER)),
        tap(calm),
      )
    const trouble$ = merge(disturbed$, refused$.pipe(map((reason) => new Error(reason)))).pipe(
      mergeMap((trouble) => throwError(() => trouble)),
    )
    const start$ = defer(() => {
      scanner.start()
      return EMPTY
    })
    return merge(trouble$, timer(peace).pipe(tap(calm)), start$).pipe(
      retry({
        delay: (trouble: unknown) => {
          attempts += 1
          say(
            trouble instanceof Error
              ? `The Bluetooth adapter refuses to scan (${trouble.message}): it is asked again, ever less often. By hand: bluetoothctl power off; bluetoothctl power on.`
              : 'Another program changed the Bluetooth scan; starting it again.',
          )
          return race(timer(Math.min(1000 * 2 ** (attempts - 1), peace)), letGo(trouble))
        },
      }),
    )
  }).pipe(ignoreElements())

/** Ms without trouble after which there has been none; and ms after which who has ended a scan does not just pause. */
const [peace, idle] = [60_000, 15_000]
