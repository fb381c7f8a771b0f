import { asyncScheduler, defer, filter, map, type OperatorFunction, throttleTime } from 'rxjs'
import { remember } from '../memory.js'
import type { HeardDevice } from '../plugin/surroundings.js'
import { addressDigits, type Advertisement } from '../radio/advertisement.js'
import { deviceLevel } from './devices.js'
import type { Format } from './formats/format.js'
import { formats as allFormats, type Keys, readerOf } from './formats/formats.js'
import { govee } from './formats/govee/govee.js'
import { isLampName } from './formats/govee/recognise.js'
import { ownerOf } from './fromSensors.js'
import { deviceReadings } from './inWords.js'
import { packetJoiner } from './joinPackets.js'
import type { Measurement } from './measurement.js'

export interface Scanned {
  /** By address. */
  readonly devices: ReadonlyMap<string, ScannedDevice>
  /** The device that was just heard, when it is new or its readings have changed. */
  readonly news: ScannedDevice | undefined
}

interface ScanKnowledge {
  /** What a configuration calls devices, by the digits of their addresses. */
  readonly names?: ReadonlyMap<string, string> | undefined
  readonly keys?: Keys | undefined
  /** What can be read before what the program can read by itself. */
  readonly formats?: readonly Format[] | undefined
  /** How many devices are followed; beyond it the one not heard for longest is dropped. */
  readonly limit?: number
}

/** Follows the devices of known brands by their packets; those of others are dropped. */
export function scannedDevices({ names, keys, formats, limit = 1000 }: ScanKnowledge = {}): OperatorFunction<
  Advertisement,
  Scanned
> {
  return (advertisements$) =>
    defer(() => {
      const devices = new Map<string, ScannedDevice>()
      const look = lookAt(keys, formats)
      return advertisements$.pipe(
        map(look),
        filter((sight) => sight !== undefined),
        map((sight) => {
          const { address } = sight.advertisement
          const known = devices.get(address)
          const destination = known ? known.destination : names?.get(addressDigits(address))
          const device = { ...scannedDevice(known, sight, asyncScheduler.now()), destination }
          remember(devices, address, device, limit)
          return { devices, news: known && sameNews(known, device) ? undefined : device }
        }),
      )
    })
}

/**
 * The devices of known brands that the radio hears, as often as that is looked at: every `period` ms, those without a name first,
 * and of them the nearest. Each has the lines to paste for it. It listens while it is subscribed to.
 */
export const heardDevices =
  (
    knowledge: Pick<ScanKnowledge, 'names' | 'keys' | 'formats'>,
    period = 1000,
  ): OperatorFunction<Advertisement, readonly HeardDevice[]> =>
  (advertisements$) =>
    advertisements$.pipe(
      scannedDevices(knowledge),
      throttleTime(period, asyncScheduler, { leading: true, trailing: true }),
      map(({ devices }) =>
        [...devices.values()]
          .map(heardDevice)
          .sort((a, b) => Number(a.configured) - Number(b.configured) || (b.rssi ?? -999) - (a.rssi ?? -999)),
      ),
    )

const heardDevice = (device: ScannedDevice): HeardDevice => {
  const { address, localName, format, model, rssi, at, count, readings, destination } = device
  return {
    address,
    ...(localName !== undefined && { name: localName }),
    brand: format.brand,
    ...(model !== undefined && { model }),
    ...(rssi !== undefined && { rssi }),
    at,
    count,
    readings: Object.values(readings),
    advice: scanAdvice(device),
    lines: linesOf([device]),
    configured: destination !== undefined,
  }
}

const sameNews = (a: ScannedDevice, b: ScannedDevice) =>
  a.locked === b.locked && Object.values(a.readings).join() === Object.values(b.readings).join()

/** A packet of a known brand, and what it says. */
export interface Sight {
  /** What it lacks is lent from others. */
  readonly advertisement: Advertisement
  readonly format: Format
  readonly measurement: Measurement | undefined
  /** It would have said so as well if nobody ever asked for a scan response. */
  readonly isPassive: boolean
  /** There is a key for its device. */
  readonly hasKey: boolean
}

/** Makes a function that finds out what packets say, of which several belong together; undefined for strangers. */
export function lookAt(
  keys?: Keys,
  added: readonly Format[] = [],
): (packet: Advertisement) => Sight | undefined {
  const formats = [...added, ...allFormats]
  const { decode, formatOf } = readerOf(formats)
  const owner = ownerOf(formats)
  // The second one hears what a radio hears that never asks.
  const [join, joinPassively] = [packetJoiner(formats), packetJoiner(formats)]
  return (packet) => {
    const advertisement = join(packet)
    const measurement = decode(advertisement, keys)
    const format = (measurement && formatOf(measurement)) ?? owner(advertisement, measurement)
    if (!format) return undefined
    const isPassive = packet.event !== 'scan_rsp' && isReading(decode(joinPassively(packet), keys))
    const hasKey = keys?.has(addressDigits(packet.address)) ?? false
    return { advertisement, format, measurement, isPassive, hasKey }
  }
}

const isReading = (measurement: Measurement | undefined): boolean =>
  measurement !== undefined && !measurement.ignored

/** What `scan` knows of a device, from all its packets. */
export interface ScannedDevice {
  readonly address: string
  readonly localName?: string | undefined
  /** What a configuration calls it: its `DestinationX`. */
  readonly destination?: string | undefined
  readonly format: Format
  /** Absent while no packet could be decoded. */
  readonly model?: string | undefined
  readonly rssi?: number | undefined
  /** When it was heard last, milliseconds since the epoch. */
  readonly at: number
  /** Packets. */
  readonly count: number
  readonly readings: Readonly<Record<string, string>>
  /** Percent. */
  readonly battery?: number | undefined
  /** Kinds of packets that held a reading. */
  readonly inAdvertisement: boolean
  readonly inScanResponse: boolean
  /** Its readings would be heard as well by a radio that never asks for scan responses. */
  readonly isPassive: boolean
  /** It encrypts what it says: whether its key is missing or not the right one; absent where it does not. */
  readonly locked?: 'no key' | 'wrong key' | 'open' | undefined
  /** The device says, or shows, that its values are invalid. */
  readonly error: boolean
  /** Manufacturer data (hex) that looks like a reading of a Govee device and cannot be decoded. */
  readonly unknown?: string | undefined
}

/** Adds a packet to what is known of its device; `now` in milliseconds since the epoch. */
export function scannedDevice(
  known: ScannedDevice | undefined,
  { advertisement, format, measurement, isPassive, hasKey }: Sight,
  now: number,
): ScannedDevice {
  const { address, event, localName = known?.localName, rssi = known?.rssi } = advertisement
  const { model = known?.model, battery = known?.battery, error } = measurement ?? {}
  const said = isReading(measurement)
  const isOpened = said && hasKey && format.keyAdvice !== undefined
  const locked = measurement?.encrypted
    ? hasKey
      ? 'wrong key'
      : 'no key'
    : isOpened
      ? 'open'
      : known?.locked
  return {
    address,
    localName,
    format,
    model,
    rssi,
    battery,
    at: now,
    count: (known?.count ?? 0) + 1,
    readings: { ...known?.readings, ...(measurement && deviceReadings(measurement)) },
    inAdvertisement: (known?.inAdvertisement ?? false) || (said && event !== 'scan_rsp'),
    inScanResponse: (known?.inScanResponse ?? false) || (said && event === 'scan_rsp'),
    isPassive: (known?.isPassive ?? false) || isPassive,
    locked,
    error: said ? error === true : (known?.error ?? false),
    unknown: measurement || !format.looksFamiliar?.(advertisement) ? known?.unknown : bytesOf(advertisement),
  }
}

const bytesOf = ({ manufacturerData }: Advertisement) =>
  manufacturerData.map((record) => Buffer.from(record).toString('hex')).join(' ')

/** dBm; below it packets get lost. */
const faint = -90

/** Percent. */
const low = 10

/** What the owner of a device should know or do, a sentence each; nothing for one that is well. */
export function scanAdvice(device: ScannedDevice): string[] {
  const { localName = '', model, rssi = 0, battery = 100, format, locked, error, unknown = '' } = device
  const { brand, keyAdvice = '', advice = '' } = format
  const isLamp = isLampName(localName)
  const isUnknown = model === undefined && unknown !== ''
  const isSilent = !hasReadings(device) && !error && !isLamp && !isUnknown && !isLocked(device)
  const said = {
    'is a lamp or a plug, not a sensor: it sends no readings': isLamp,
    'sends its reading, or what model it is, in the scan response only: it needs active scanning, which this program does':
      hasReadings(device) && !device.isPassive,
    [`encrypts what it says, and there is no key for it: ${keyAdvice}`]: locked === 'no key',
    [`encrypts what it says, and the key that is given does not open it: ${keyAdvice}`]:
      locked === 'wrong key',
    [`has no reading: ${advice}`]: isSilent && model !== undefined && advice !== '',
    'has sent no reading yet: some models do so only when asked, so give it a minute, or bring it nearer':
      isSilent && (model === undefined || advice === ''),
    [`looks like a ${brand} device but is not known: please report its name and these bytes: ${unknown}`]:
      isUnknown,
    'says that its values are invalid: check its batteries and, where it has one, its other part': error,
    [`has a low battery (${battery} %): change it soon`]: battery <= low,
    [`is heard faintly (${rssi} dBm): bring it and the receiver nearer to each other`]: rssi < faint,
  }
  return Object.entries(said).flatMap(([sentence, applies]) => (applies ? [sentence] : []))
}

const hasReadings = ({ readings }: ScannedDevice) => Object.keys(readings).length > 0

const isLocked = ({ locked }: ScannedDevice) => locked === 'no key' || locked === 'wrong key'

/**
 * The parameters of a sensor that reports just these devices, each under the name that it has in a file, or its own; none for none.
 * Of a device that encrypts there is a line for its key, too.
 */
export function configLines(devices: readonly ScannedDevice[]): string[] {
  const readable = devices.filter(isReadable)
  const lines = linesOf(readable)
  if (lines.length === 0) return []
  const section = readable.every(({ format }) => format === govee)
    ? 'the section of the GoveeSensor'
    : 'a section with Class = ble.ble_sensor.BleSensor'
  return [
    `To report only these, put into ${section} (and choose the destinations):`,
    '',
    ...lines,
    ...(readable.some(({ locked }) => locked)
      ? [
          '',
          'A file of a key holds its hex digits and nothing else; it is looked for beside the configuration.',
        ]
      : []),
  ]
}

/** A format of one's own has a class of its own, which a configuration has already. */
const isReadable = (device: ScannedDevice) =>
  allFormats.includes(device.format) && (hasReadings(device) || isLocked(device) || device.error)

function linesOf(devices: readonly ScannedDevice[]): string[] {
  const taken = new Set<string>()
  return devices.filter(isReadable).flatMap(({ model = '', locked, ...device }) => {
    const level = device.destination ?? deviceLevel({ ...device, model }, taken)
    taken.add(level)
    const number = taken.size
    const key = `Key${number} = \${file:${addressDigits(device.address)}.key}`
    return [
      `Address${number} = ${device.address}`,
      `Destination${number} = ${level}`,
      ...(locked ? [key] : []),
    ]
  })
}
