import {
  connect,
  defer,
  endWith,
  identity,
  ignoreElements,
  merge,
  mergeMap,
  type MonoTypeOperatorFunction,
  type Observable,
  takeUntil,
} from 'rxjs'
import * as z from 'zod'
import type { Expected } from '../description.js'
import { boolean, field, numbered, seconds } from '../fields/fields.js'
import { escapeControls } from '../fields/problems.js'
import { destination as topic } from '../fields/topicFields.js'
import type { Reading, Sensor } from '../model.js'
import { type PluginOfKind, sensorPlugin } from '../plugin/plugin.js'
import { addressDigits, type Advertisement } from '../radio/advertisement.js'
import { type BleSensorOptions, bleSensor, type GoveeSensorOptions, goveeSensor } from './bleSensor.js'
import { deviceAddress, devicePairs, pairProblems, type PairProblem, withPairs } from './chosenDevices.js'
import type { Format } from './formats/format.js'
import { formats } from './formats/formats.js'
import { type Medium, mediumNamed, mediumNames } from './formats/mopeka.js'
import { keyBytes, keyLengths } from './keys.js'
import { quantityOf } from './quantities.js'
import type { Offsets } from './reports.js'

const goveeOptions = {
  Destination: topic.describe('every sensor in range is reported below `<Destination>/<name>/`'),
  AddressX: numbered(deviceAddress).describe(
    'only these devices (Address1, Address2 …), each with a DestinationX',
  ),
  DestinationX: numbered(topic).describe('where the device AddressX is reported'),
  OffsetX: numbered(offsets()).describe(
    'what is added to the values of the device AddressX: `temperature_c -0.4, humidity +2`',
  ),
  Interval: seconds(0)
    .default(0)
    .describe('seconds; at most one report per device in that time, the latest (0: every one)'),
  OnChange: boolean
    .default(false)
    .describe(
      'only values that differ from the last one sent, at once; an unchanged one again after Interval',
    ),
  DeviceName: boolean
    .default(false)
    .describe('whether the device AddressX also says on `name` what it calls itself'),
}

/** Values and what is added to each: `temperature_c -0.4, humidity +2`. */
function offsets() {
  return field(
    'quantities, each with what is added to it, such as temperature_c -0.4, humidity +2',
    (text) => {
      const pairs = text.split(',').map((part) => /^\s*([a-z0-9_]+)\s*([+-]?\d+(?:\.\d+)?)\s*$/.exec(part))
      const known = pairs.map((pair) => {
        const quantity = quantityOf(pair?.[1] ?? '')
        return quantity && !quantity.words && pair ? [pair[1] ?? '', Number(pair[2])] : undefined
      })
      return known.every((pair) => pair !== undefined) ? (Object.fromEntries(known) as Offsets) : undefined
    },
  )
}

/** What is common to the options of both classes in the words of the function. */
function sensorOptions(
  options: {
    readonly Destination: string
    readonly AddressX: Readonly<Record<string, string>>
    readonly DestinationX: Readonly<Record<string, string>>
    readonly OffsetX: Readonly<Record<string, Offsets>>
    readonly Interval: number
    readonly OnChange: boolean
  },
  expire: number,
): GoveeSensorOptions {
  const { Destination, AddressX, DestinationX, OffsetX, Interval, OnChange } = options
  const pairs = devicePairs(AddressX, DestinationX)
  return {
    destination: Destination,
    ...(pairs.length > 0 && { devices: Object.fromEntries(pairs) }),
    offsets: Object.fromEntries(devicePairs(AddressX, OffsetX)),
    interval: Interval,
    onChange: OnChange,
    expire,
  }
}

/** Those that are named; else whoever is in range. */
function describes({
  AddressX,
  DestinationX,
}: Pick<Parameters<typeof sensorOptions>[0], 'AddressX' | 'DestinationX'>): Partial<Expected> {
  const pairs = devicePairs(AddressX, DestinationX)
  return { identities: pairs.map(([address]) => addressDigits(address)), strangers: pairs.length === 0 }
}

/** Adds what the chosen devices call themselves, whenever that is news; a name comes off the air, from anyone. */
function withNames(
  {
    AddressX,
    DestinationX,
    DeviceName,
  }: Pick<Parameters<typeof sensorOptions>[0], 'AddressX' | 'DestinationX'> & {
    readonly DeviceName: boolean
  },
  advertisements$: Observable<Advertisement>,
): MonoTypeOperatorFunction<Reading> {
  if (!DeviceName) return identity
  const devices = new Map(
    devicePairs(AddressX, DestinationX).map(([address, device]) => [addressDigits(address), device]),
  )
  const names$ = defer(() => {
    const names = new Map<string, string>()
    return advertisements$.pipe(
      mergeMap(({ address, localName }): Reading[] => {
        const device = devices.get(addressDigits(address))
        if (device === undefined || localName === undefined || names.get(device) === localName) return []
        names.set(device, localName)
        return [{ destination: `${device}/name`, value: escapeControls(localName).slice(0, 64), device }]
      }),
    )
  })
  return connect((readings$) =>
    merge(readings$, names$.pipe(takeUntil(readings$.pipe(ignoreElements(), endWith(undefined))))),
  )
}

/** `[SensorN] Class = govee.govee_sensor.GoveeSensor` */
export const GoveeSensor = sensorPlugin({
  summary: 'Govee sensors of every kind, heard over Bluetooth.',
  options: withPairs(z.object(goveeOptions), numberedProblems),
  describes,
  create: (options, { advertisements$, expire = 0, log }) =>
    goveeSensor(advertisements$, sensorOptions(options, expire), log).pipe(
      withNames(options, advertisements$),
    ),
})

const keys = {
  KeyX: numbered(field(`a key of ${keyLengths}`, (text) => (keyBytes(text) ? text : undefined)))
    .meta({ secret: true })
    .describe(
      'the key of the device AddressX, where it encrypts what it says: 32 hex digits, best as `${file:PATH}`',
    ),
}

const media = {
  MediumX: numbered(field(mediumNames.join(', '), mediumNamed)).describe(
    'what the tank under the device AddressX holds, for a Mopeka: propane (without it), water, air or fuel',
  ),
}

const brands = field(`one or several of ${formats.map(({ brand }) => brand).join(', ')}`, (text) => {
  const names = text.split(',').map((name) => name.trim().toLowerCase())
  return names.every((name) => formats.some(({ brand }) => brand.toLowerCase() === name)) ? names : undefined
})

/** `[SensorN] Class = ble.ble_sensor.BleSensor` */
export const BleSensor = sensorPlugin({
  summary: 'Thermometers, buttons and other sensors of all brands, heard over Bluetooth.',
  options: withPairs(
    z.object({
      ...goveeOptions,
      Brands: brands
        .optional()
        .describe('only devices of these brands, with commas between them (without it: of all)'),
      ...keys,
      ...media,
    }),
    numberedProblems,
  ),
  describes,
  create: ({ Brands, MediumX, ...options }, { advertisements$, expire = 0, log }) =>
    bleSensor(
      advertisements$,
      {
        ...keyedOptions(options, expire),
        media: Object.fromEntries(devicePairs<Medium>(options.AddressX, MediumX)),
        ...(Brands && { brands: Brands }),
      },
      log,
    ).pipe(withNames(options, advertisements$)),
})

/**
 * A class of sensors that speak a format of one's own: `Class = ./myscale.js#MyScale`. It takes the parameters of a BleSensor
 * but `Brands`.
 *
 * @example
 * const MyScale = formatPlugin({
 *   brand: 'MyScale',
 *   companies: [0x1234],
 *   decode: ({ manufacturerData: [record] }) =>
 *     record && { brand: 'MyScale', model: 'M1', weight_kg: Buffer.from(record).readUInt16LE(2) / 100 },
 * })
 * MyScale.summary
 * // → 'Sensors of MyScale, heard over Bluetooth.'
 */
export const formatPlugin = (format: Format): FormatPlugin => ({
  ...sensorPlugin({
    summary: `Sensors of ${format.brand}, heard over Bluetooth.`,
    options: withPairs(z.object({ ...goveeOptions, ...keys }), numberedProblems),
    describes,
    create: (options, { advertisements$, expire = 0, log }) =>
      bleSensor(
        advertisements$,
        { ...keyedOptions(options, expire), formats: [format], brands: [] },
        log,
      ).pipe(withNames(options, advertisements$)),
  }),
  format,
})

/** A class of sensors, and the format that they speak: `scan` and `decode` read it, too, where a configuration names it. */
export interface FormatPlugin extends PluginOfKind<'sensors', z.ZodRawShape, Sensor> {
  /** What its sensors speak. */
  readonly format: Format
}

type Keyed = Parameters<typeof sensorOptions>[0] & { readonly KeyX: Readonly<Record<string, string>> }

const keyedOptions = ({ KeyX, ...options }: Keyed, expire: number): BleSensorOptions => ({
  ...sensorOptions(options, expire),
  keys: Object.fromEntries(devicePairs(options.AddressX, KeyX)),
})

function numberedProblems({ AddressX, DestinationX, OffsetX, KeyX, MediumX }: Numbered): PairProblem[] {
  return [...pairProblems(AddressX, DestinationX), ...addressless(AddressX, { OffsetX, KeyX, MediumX })]
}

/** Numbered parameters as far as they could be read. */
type Numbered = Readonly<
  Partial<
    Record<'AddressX' | 'DestinationX' | 'OffsetX' | 'KeyX' | 'MediumX', Readonly<Record<string, unknown>>>
  >
>

/** What stands for a device of which no address is given. */
function addressless(
  addresses: Readonly<Record<string, unknown>> = {},
  parameters: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>,
): PairProblem[] {
  return Object.entries(parameters).flatMap(([name, values = {}]) =>
    Object.keys(values).flatMap((number) =>
      number in addresses
        ? []
        : [
            {
              path: [name, number] as const,
              message: `Address${number} is missing: which device this is for`,
            },
          ],
    ),
  )
}
