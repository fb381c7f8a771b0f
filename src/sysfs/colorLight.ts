import { defer, distinctUntilChanged, filter, finalize, map } from 'rxjs'
import type * as z from 'zod'
import { deviceAt, describeLight } from '../description.js'
import { boolean, field, integer, number, path, seconds } from '../fields/fields.js'
import { destination as topic } from '../fields/topicFields.js'
import type { Actuator, Command, Logger } from '../model.js'
import { newestInTurn } from '../operators/newestInTurn.js'
import { isToggle } from '../operators/switched.js'
import type { PluginContext } from '../plugin/plugin.js'
import { inTurn } from '../threads.js'
import { type Light, type LightMoves, lightSteps, type LightStep } from './lightSteps.js'
import { openPwm, type PwmOptions, type PwmOutput } from './pwm.js'

/** The colours that a light may have, each of its own. */
const colors = ['Red', 'Green', 'Blue', 'White'] as const

/** One of them. */
export type Color = (typeof colors)[number]

/** Which light, and how. */
export interface ColorLightOptions extends PwmOptions, LightMoves {
  /** What drives its colours; those that it does not have are absent. */
  readonly outputs: Readonly<Partial<Record<Color, PwmOutput>>>
  /** Where commands come from. */
  readonly commandSource: string
  /** Where the state is reported. */
  readonly stateDestination: string
  /** At the start, percent of each colour. */
  readonly initial: Readonly<Partial<Record<Color, number>>>
}

/**
 * A light of up to four colours on PWM channels of the kernel, which does what `lightSteps` says. Says what it has become, `h,s,v`, or
 * only the brightness where it has one colour. What it is stays when the program ends.
 */
export function colorLight(options: ColorLightOptions, log: Logger): Actuator {
  const { outputs, commandSource, initial } = options
  const mine = colors.filter((color) => outputs[color])
  const channels = mine.flatMap((color) => outputs[color] ?? [])
  const about = describeColorLight(options)
  const queue = `the PWM of ${channels.map(({ name }) => name).join(', ')}`
  return (commands$) => {
    const steps$ = commands$.pipe(
      filter(({ source }) => source === commandSource),
      lightSteps(lightOf(initial), options, log),
    )
    return defer(() => {
      const released = new AbortController()
      let drive: ((shares: readonly number[]) => Promise<void>) | undefined
      const show = async (step: LightStep) => {
        const shares = sharesOf(step.light, mine.includes('White'))
        drive ??= await openPwm(channels, options, released.signal)
        await drive(mine.map((color) => shares[color]))
        return step
      }
      return steps$.pipe(
        newestInTurn(
          () => queue,
          (step) => defer(() => inTurn(queue, () => show(step))),
        ),
        filter(({ isSaid }) => isSaid),
        map(({ light }) => valueOf(light, mine.length)),
        distinctUntilChanged(),
        map((value) => ({ destination: about.topic, value, about })),
        finalize(() => released.abort()),
      )
    })
  }
}

/** What topics a light has. */
const describeColorLight = ({
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

/** A check for schemas with `perColor`: a light has at least one output, and each of its own. */
export function refuseSharing(
  name: string,
  noun: string,
  outputs: Readonly<Partial<Record<Color, number>>>,
  context: z.core.$RefinementCtx,
): void {
  const fail = (color: string, message: string) =>
    context.addIssue({ code: 'custom', path: [`${name}.${color}`], message })
  const all = Object.entries(outputs)
  if (all.length === 0) {
    const names = colors.map((color) => `${name}.${color}`).join(', ')
    fail('Red', `missing, one of these is required: ${names}`)
  }
  for (const [place, [color, output]] of all.entries()) {
    const [same] = all.slice(0, place).find(([, other]) => other === output) ?? []
    if (same !== undefined) fail(color, `expected a ${noun} of its own, got that of ${same}`)
  }
}

/** What these parameters mean, for a light on outputs with such numbers. */
export const lightOptions = (
  parameters: LightParameters,
  numbers: Readonly<Partial<Record<Color, number>>>,
  outputOf: (number: number) => PwmOutput,
): ColorLightOptions => ({
  outputs: byColor((color) => {
    const number = numbers[color]
    return number === undefined ? undefined : outputOf(number)
  }),
  commandSource: parameters.CommandSrc,
  stateDestination: parameters.StateDest ?? parameters.CommandSrc,
  initial: byColor((color) => parameters[`InitialState.${color}`]),
  invert: parameters.InvertOut,
  frequency: parameters['PWM-Frequency'],
  toggleDebounce: parameters.ToggleDebounce,
  root: parameters.Path,
})

/** What a plug-in says of a light that its parameters mean. */
export const lightParts = <Parameters extends LightParameters>(
  optionsOf: (parameters: Parameters) => ColorLightOptions,
) => ({
  sources: ({ CommandSrc }: Parameters) => [CommandSrc],
  acts: (parameters: Parameters, { payload }: Command) =>
    isToggle(payload) || (payload === 'DIM' && optionsOf(parameters).dim !== undefined),
  describes: (parameters: Parameters) => ({ topics: [describeColorLight(optionsOf(parameters))] }),
  create: (parameters: Parameters, { log }: PluginContext) => colorLight(optionsOf(parameters), log),
})

/** What there is of each colour, without those that there is nothing of. */
export const byColor = <T>(of: (color: Color) => T | undefined): Partial<Record<Color, T>> =>
  Object.fromEntries(
    colors.flatMap((color) => {
      const one = of(color)
      return one === undefined ? [] : [[color, one]]
    }),
  )

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
