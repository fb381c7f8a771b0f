import {
  asyncScheduler,
  defer,
  filter,
  finalize,
  map,
  mergeMap,
  of,
  startWith,
  switchMap,
  take,
  tap,
  timer,
} from 'rxjs'
import type { Observable, OperatorFunction } from 'rxjs'
import { number } from '../fields/fields.js'
import type { Command, Logger } from '../model.js'
import { isToggle, understood } from '../operators/switched.js'

/** Hue 0 to 360, saturation and brightness 0 to 100. */
export interface Light {
  readonly hue: number
  readonly saturation: number
  readonly brightness: number
}

/** What a light is to be now; whether that is said, or is on the way to something else. */
export interface LightStep {
  readonly light: Light
  readonly isSaid: boolean
}

/** How a light moves, times in ms. */
export interface LightMoves {
  /** For which toggling once more is ignored. */
  readonly toggleDebounce: number
  /** From one step to what it is to be to the next, where it does not become that at once. */
  readonly smooth?: number
  /** Until DIM does something, and from one of its steps to the next, where there are DIM and STOP. */
  readonly dim?: { readonly delay: number; readonly interval: number }
}

interface State {
  readonly light: Light
  /** What toggling goes back to. */
  readonly before: Light
  readonly toggledAt: number
}

/**
 * What commands make of a light: `h,s,v`, `h,s` (the brightness stays), a brightness of 0 to 100 (the colour stays), ON (100), OFF (0),
 * TOGGLE or the time of a press: to 0, and back to what there was. DIM goes on to 0 and then to 100 until STOP. Who subscribes again
 * has what it was to be.
 */
export function lightSteps(
  start: Light,
  { toggleDebounce, smooth = 0, dim }: LightMoves,
  log: Logger,
): OperatorFunction<Command, LightStep> {
  const words = dim ? 'ON, OFF, TOGGLE, DIM, STOP' : 'ON, OFF, TOGGLE'
  const expected = `h,s,v (0 to 360, 0 to 100, 0 to 100), 0 to 100, ${words} or a time`
  return (commands$) => {
    let state: State = { light: start, before: { ...start, brightness: 100 }, toggledAt: -Infinity }
    return defer(() => {
      let shown = state.light
      let isFading = false
      const fade = (to: Light): Observable<LightStep> => {
        const steps = smooth === 0 ? [] : stepsBetween(shown, to)
        if (steps.length === 0) return of({ light: to, isSaid: true })
        isFading = true
        return every(smooth, smooth, steps).pipe(
          map((light) => ({ light, isSaid: light === to })),
          finalize(() => (isFading = false)),
        )
      }
      const dimming = ({ delay, interval }: NonNullable<typeof dim>): Observable<LightStep> => {
        const { light } = state
        const [dark, bright] = [0, 100].map((brightness) => ({ ...light, brightness })) as [Light, Light]
        const steps = [...stepsBetween(light, dark), ...stepsBetween(dark, bright)]
        return every(delay + interval, interval, steps).pipe(
          tap((step) => (state = { ...state, light: step })),
          map((step) => ({ light: step, isSaid: false })),
        )
      }
      return commands$.pipe(
        understood((payload) => lightCommand(payload, dim !== undefined), expected, log),
        filter((command) => !isFading || (command !== 'DIM' && command !== 'STOP')),
        mergeMap((command): Observable<LightStep>[] => {
          if (command === 'DIM') return dim ? [dimming(dim)] : []
          if (command === 'STOP') return [of({ light: state.light, isSaid: true })]
          const next = after(state, command, toggleDebounce)
          const isSame = stepsBetween(state.light, next.light).length === 0
          state = next
          return isSame ? [] : [defer(() => fade(next.light))]
        }),
        startWith(of({ light: state.light, isSaid: true })),
        switchMap((steps$) => steps$),
        tap(({ light }) => (shown = light)),
      )
    })
  }
}

const every = <T>(first: number, period: number, values: readonly T[]): Observable<T> =>
  timer(first, period).pipe(
    take(values.length),
    map((place) => values[place] as T),
  )

/** In steps of 5 at most, the hue on the shorter way round. */
function stepsBetween(from: Light, to: Light): Light[] {
  const steps: Light[] = []
  for (let now = from; !isSame(now, to); steps.push(now)) {
    const turn = ((to.hue - now.hue + 540) % 360) - 180
    const next = {
      hue: Math.abs(turn) <= 5 ? to.hue : (now.hue + 5 * Math.sign(turn) + 360) % 360,
      saturation: towards(now.saturation, to.saturation),
      brightness: towards(now.brightness, to.brightness),
    }
    now = isSame(next, to) ? to : next
  }
  return steps
}

const towards = (from: number, to: number) =>
  Math.abs(to - from) <= 5 ? to : from + 5 * Math.sign(to - from)

const isSame = (one: Light, other: Light) =>
  one.hue === other.hue && one.saturation === other.saturation && one.brightness === other.brightness

type LightCommand = Partial<Light> | 'TOGGLE' | 'DIM' | 'STOP'

function lightCommand(payload: string, canDim: boolean): LightCommand | undefined {
  if (isToggle(payload)) return 'TOGGLE'
  if (canDim && (payload === 'DIM' || payload === 'STOP')) return payload
  if (payload === 'ON') return { brightness: 100 }
  if (payload === 'OFF') return { brightness: 0 }
  const [first = NaN, second, third, ...more] = payload
    .split(',')
    .map((part) => number.safeParse(part.trim()).data ?? NaN)
  const isIn = (value: number | undefined, most = 100) => value === undefined || (value >= 0 && value <= most)
  if (second === undefined) return isIn(first) ? { brightness: first } : undefined
  if (!isIn(first, 360) || !isIn(second) || !isIn(third) || more.length > 0) return undefined
  return { hue: first, saturation: second, ...(third !== undefined && { brightness: third }) }
}

function after(state: State, command: Partial<Light> | 'TOGGLE', debounce: number): State {
  const { light, before, toggledAt } = state
  if (command !== 'TOGGLE') return { ...state, light: { ...light, ...command } }
  const now = asyncScheduler.now()
  if (now - toggledAt < debounce) return state
  return light.brightness > 0
    ? { light: { ...light, brightness: 0 }, before: light, toggledAt: now }
    : { light: before, before, toggledAt: now }
}
