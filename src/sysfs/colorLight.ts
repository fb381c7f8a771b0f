import {
  asyncScheduler,
  defer,
  distinctUntilChanged,
  filter,
  map,
  mergeMap,
  type OperatorFunction,
  startWith,
} from 'rxjs'
import type * as z from 'zod'
import { deviceAt, describeLight } from '../description.js'
import { escapeControls } from '../logging/records.js'
import type { Actuator, Command, Logger } from '../model.js'
import { newestInTurn } from '../operators/newestInTurn.js'
import { isToggle } from '../operators/switched.js'
import { boolean, field, integer, number, path, seconds } from '../plugin/fields.js'
import { destination as topic } from '../plugin/topicFields.js'
import { inTurn } from '../threads.js'
import { openPwm, type PwmOptions, type PwmOutput } from './pwm.js'

/** The colours that a light may have, each of its own. */
export const colors = ['Red', 'Green', 'Blue', 'White'] as const

type Color = (typeof colors)[number]

/** Which light, and how. */
export interface ColorLightOptions extends PwmOptions {
  /** What drives its colours; those that it does not have are absent. */
  readonly outputs: Readonly<Partial<Record<Color, PwmOutput>>>
  /** Where commands come from. */
  readonly commandSource: string
  /** Where the state is reported. */
  readonly stateDestination: string
  /** At the start, percent of each colour. */
  readonly initial: Readonly<Partial<Record<Color, number>>>
  /** Time (ms) for which toggling once more is ignored. */
  readonly toggleDebounce: number
}

/** Hue 0 to 360, saturation and brightness 0 to 100. */
interface Light {
  readonly hue: number
  readonly saturation: number
  readonly brightness: number
}

interface State {
  readonly light: Light
  /** What toggling goes back to. */
  readonly before: Light
  readonly toggledAt: number
}

/**
 * A light of up to four colours on PWM channels of the kernel. Takes `h,s,v`, `h,s` (the brightness stays), a brightness of 0 to 100
 * (the colour stays), ON (100), OFF (0), and TOGGLE or the time of a press: to 0, and back to what there was. Says what it has become,
 * `h,s,v`, or only the brightness where it has one colour. What it is stays when the program ends.
 */
export function colorLight(options: ColorLightOptions, log: Logger): Actuator {
  const { outputs, commandSource, initial, toggleDebounce } = options
  const mine = colors.filter((color) => outputs[color])
  const channels = mine.flatMap((color) => outputs[color] ?? [])
  const about = describeColorLight(options)
  const start = lightOf(initial)
  const queue = `the PWM of ${channels.map(({ name }) => name).join(', ')}`
  return (commands$) => {
    // After a failure it goes on as it was to be.
    let state: State = { light: start, before: { ...start, brightness: 100 }, toggledAt: -Infinity }
    return defer(() => {
      let drive: ((shares: readonly number[]) => Promise<void>) | undefined
      const show = async (light: Light) => {
        const shares = sharesOf(light, mine.includes('White'))
        drive ??= await openPwm(channels, options)
        await drive(mine.map((color) => shares[color]))
        return light
      }
      return commands$.pipe(
        filter(({ source }) => source === commandSource),
        lightCommands(log),
        map((command) => (state = after(state, command, toggleDebounce))),
        startWith(state),
        map(({ light }) => light),
        distinctUntilChanged(isSame),
        newestInTurn(
          () => queue,
          (light) => defer(() => inTurn(queue, () => show(light))),
        ),
        map((light) => ({ destination: about.topic, value: valueOf(light, mine.length), about })),
      )
    })
  }
}

/** What topics a light has. */
export const describeColorLight = ({
  outputs,
  commandSource,
  stateDestination,
}: Pick<ColorLightOptions, 'outputs' | 'commandSource' | 'stateDestination'>) =>
  describeLight(
    deviceAt(commandSource),
    commandSource,
    stateDestination,
    Object.keys(outputs).length === 1 ? 'brightness' : 'color',
  )

/** One parameter for each colour: `Pin.Red`, `Pin.Green` … */
export const perColor = <Name extends string, Field extends z.ZodType>(
  name: Name,
  fieldOf: (color: Color) => Field,
) =>
  Object.fromEntries(colors.map((color) => [`${name}.${color}`, fieldOf(color)])) as Record<
    `${Name}.${Color}`,
    Field
  >

const percent = field('a number from 0 to 100', (text) => {
  const value = number.safeParse(text).data ?? NaN
  return value >= 0 && value <= 100 ? value : undefined
})

/** The parameters of what is a light, on a chip that takes such frequencies (Hz). */
export const lightFields = (lowest: number, highest: number, usual: number) => ({
  CommandSrc: topic.describe(
    'where h,s,v, 0 to 100, ON, OFF and TOGGLE come from, and where the state is reported',
  ),
  StateDest: topic.optional().describe('where the state is reported, if not at CommandSrc'),
  ...perColor('InitialState', (color) =>
    percent.optional().describe(`percent of ${color} at the start; without any it is dark`),
  ),
  InvertOut: boolean
    .prefault('YES')
    .describe('whether LOW is on: YES for a common anode, NO for a common cathode'),
  'PWM-Frequency': integer(lowest, highest)
    .prefault(String(usual))
    .describe('how often it goes on and off, Hz'),
  ToggleDebounce: seconds(0).prefault('0.15').describe('seconds for which toggling once more is ignored'),
  Path: path
    .prefault('/sys/class/pwm')
    .describe('where the kernel shows PWM chips; only containers need another'),
})

type LightParameters = z.output<z.ZodObject<ReturnType<typeof lightFields>>>

/** What these parameters mean, for a light on such outputs. */
export const lightOptions = (
  parameters: LightParameters,
  outputs: ColorLightOptions['outputs'],
): ColorLightOptions => ({
  outputs,
  commandSource: parameters.CommandSrc,
  stateDestination: parameters.StateDest ?? parameters.CommandSrc,
  initial: byColor((color) => parameters[`InitialState.${color}`]),
  invert: parameters.InvertOut,
  frequency: parameters['PWM-Frequency'],
  toggleDebounce: parameters.ToggleDebounce,
  root: parameters.Path,
})

/** What there is of each colour, without those that there is nothing of. */
export const byColor = <T>(of: (color: Color) => T | undefined): Partial<Record<Color, T>> =>
  Object.fromEntries(
    colors.flatMap((color) => {
      const one = of(color)
      return one === undefined ? [] : [[color, one]]
    }),
  )

type LightCommand = Partial<Light> | 'TOGGLE'

/** What commands tell a light. Of several in a row that tell it nothing, the first is logged. */
const lightCommands =
  (log: Logger): OperatorFunction<Command, LightCommand> =>
  (commands$) =>
    defer(() => {
      let said = false
      return commands$.pipe(
        mergeMap(({ source, payload }) => {
          const command = lightCommand(payload)
          if (command === undefined && !said)
            log.warn(
              `expected h,s,v (0 to 360, 0 to 100, 0 to 100), 0 to 100, ON, OFF, TOGGLE or a time on ${source}, got "${escapeControls(payload.slice(0, 40))}"`,
            )
          said = command === undefined
          return command === undefined ? [] : [command]
        }),
      )
    })

function lightCommand(payload: string): LightCommand | undefined {
  if (isToggle(payload)) return 'TOGGLE'
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

function after(state: State, command: LightCommand, debounce: number): State {
  const { light, before, toggledAt } = state
  if (command !== 'TOGGLE') return { ...state, light: { ...light, ...command } }
  const now = asyncScheduler.now()
  if (now - toggledAt < debounce) return state
  return light.brightness > 0
    ? { light: { ...light, brightness: 0 }, before: light, toggledAt: now }
    : { light: before, before, toggledAt: now }
}

const isSame = (one: Light, other: Light) =>
  one.hue === other.hue && one.saturation === other.saturation && one.brightness === other.brightness

/** What is said: of one colour the brightness, in the words of the Python program. */
const valueOf = ({ hue, saturation, brightness }: Light, count: number): string | number =>
  count === 1 ? Math.round(brightness) : [hue, saturation, brightness].map(Math.round).join(',')

/** The share of each colour, 0 to 1; light without colour is white's, where there is a white. */
function sharesOf({ hue, saturation, brightness }: Light, hasWhite: boolean): Record<Color, number> {
  const most = brightness / 100
  if (hasWhite && saturation === 0) return { Red: 0, Green: 0, Blue: 0, White: most }
  const at = (turn: number) => {
    const place = (turn + hue / 60) % 6
    return most - (most * saturation * Math.max(0, Math.min(place, 4 - place, 1))) / 100
  }
  return { Red: at(5), Green: at(3), Blue: at(1), White: 0 }
}

/** What percents of the colours are, together. Hue 2 where there is none: openHAB takes no `0,0,0`. */
function lightOf({ Red = 0, Green = 0, Blue = 0, White = 0 }: ColorLightOptions['initial']): Light {
  const [most, least] = [Math.max(Red, Green, Blue), Math.min(Red, Green, Blue)]
  const range = most - least
  if (White > 0 || range === 0) return { hue: 2, saturation: 0, brightness: White > 0 ? White : most }
  const turn =
    most === Red
      ? (Green - Blue) / range
      : most === Green
        ? 2 + (Blue - Red) / range
        : 4 + (Red - Green) / range
  return { hue: (turn * 60 + 360) % 360, saturation: (range / most) * 100, brightness: most }
}
