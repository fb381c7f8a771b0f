import { asyncScheduler, defer, map, type OperatorFunction } from 'rxjs'
import { deviceLevel } from '../ble/devices.js'
import { decodeGovee } from '../ble/formats/govee/families.js'
import { isLampName, looksLikeGovee } from '../ble/formats/govee/recognise.js'
import type { Measurement, Probe } from '../ble/measurement.js'
import { quantities, type Quantity } from '../ble/quantities.js'
import { escapeControls } from '../logging/records.js'
import { remember } from '../memory.js'
import { addressDigits, type Advertisement } from '../radio/advertisement.js'

export interface Scanned {
  /** By address. */
  readonly devices: ReadonlyMap<string, ScannedDevice>
  /** The device that was just heard, when it is new or its readings have changed. */
  readonly news: ScannedDevice | undefined
}

/** Follows devices by their packets; beyond `limit` of them the one not heard for longest is dropped. `names`: see `Loaded`. */
export function scannedDevices(
  limit = 1000,
  names: ReadonlyMap<string, string> = new Map(),
): OperatorFunction<Advertisement, Scanned> {
  return (advertisements$) =>
    defer(() => {
      const devices = new Map<string, ScannedDevice>()
      return advertisements$.pipe(
        map((advertisement) => {
          const known = devices.get(advertisement.address)
          const destination = known ? known.destination : names.get(addressDigits(advertisement.address))
          const device = { ...scannedDevice(known, advertisement, asyncScheduler.now()), destination }
          remember(devices, device.address, device, limit)
          return { devices, news: known && sameReadings(known, device) ? undefined : device }
        }),
      )
    })
}

const sameReadings = (a: ScannedDevice, b: ScannedDevice) =>
  Object.values(a.readings).join() === Object.values(b.readings).join()

/** What `scan` knows of a device, from all its packets. */
export interface ScannedDevice {
  readonly address: string
  readonly localName?: string | undefined
  /** What a configuration calls it: its `DestinationX`. */
  readonly destination?: string | undefined
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
  /** The device says, or shows, that its values are invalid. */
  readonly error: boolean
  /** Manufacturer data (hex) that looks like a reading of a Govee device and cannot be decoded. */
  readonly unknown?: string | undefined
}

/** Adds a packet, its name joined from others, to what is known of its device; `now` in milliseconds since the epoch. */
export function scannedDevice(
  known: ScannedDevice | undefined,
  advertisement: Advertisement,
  now: number,
): ScannedDevice {
  const { address, event, localName = known?.localName, rssi = known?.rssi } = advertisement
  const measurement = decodeGovee(advertisement)
  const { model = known?.model, battery = known?.battery, error } = measurement ?? {}
  const said = measurement !== undefined
  return {
    address,
    localName,
    model,
    rssi,
    battery,
    at: now,
    count: (known?.count ?? 0) + 1,
    readings: { ...known?.readings, ...(measurement && deviceReadings(measurement)) },
    inAdvertisement: (known?.inAdvertisement ?? false) || (said && event !== 'scan_rsp'),
    inScanResponse: (known?.inScanResponse ?? false) || (said && event === 'scan_rsp'),
    error: said ? error === true : (known?.error ?? false),
    unknown: said || !looksLikeGovee(advertisement) ? known?.unknown : bytesOf(advertisement),
  }
}

const bytesOf = ({ manufacturerData }: Advertisement) =>
  manufacturerData.map((record) => Buffer.from(record).toString('hex')).join(' ')

/**
 * A measurement as people read it, by what each text is about: a device that sends its values in several packets says
 * each of them again under the same key. Values come with the digits that the device resolves.
 *
 * @example deviceReadings({ model: 'H5075', decimals: 1, temperature_c: 21.7, battery: 100 }) // { climate: '21.7 °C', battery: 'battery 100 %' }
 */
export function deviceReadings(measurement: Measurement): Readonly<Record<string, string>> {
  const { decimals, sensor, probes = {}, event } = measurement
  const { climate, ...others } = textsOf(measurement, decimals)
  const texts: Record<string, string> = {}
  if (climate !== undefined) texts[sensor ?? 'climate'] = sensor ? `${sensor} ${climate}` : climate
  for (const [number, probe] of Object.entries(probes)) {
    const text = Object.values(textsOf(probe, decimals)).join(' ')
    if (text) texts[`probe ${number}`] = `probe ${number}: ${text}`
  }
  if (event) texts['event'] = event.type === 'button' ? `button ${event.button} pressed` : event.type
  for (const [about, text] of Object.entries(others)) texts[sensor ? `${sensor} ${about}` : about] = text
  return texts
}

/** The texts of what is measured, in the order of the table of quantities: those of a group in one, the rest by their topics. */
function textsOf(measured: Measurement | Probe, resolved: number | undefined): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const [key, quantity] of Object.entries<Quantity>(quantities)) {
    const value: unknown = measured[key as keyof typeof measured]
    if (value === undefined) continue
    const { group: about = quantity.topic } = quantity
    const text = textOf(quantity, value, resolved)
    texts[about] = about in texts ? `${texts[about]} ${text}` : text
  }
  return texts
}

function textOf(quantity: Quantity, value: unknown, resolved: number | undefined): string {
  if (quantity.words) return quantity.inWords[value ? 0 : 1]
  const { inWords = '#', unit } = quantity
  if (typeof value === 'string') return inWords.replace('#', () => escapeControls(value))
  const decimals = quantity.decimals === 'resolved' ? resolved : quantity.decimals
  const number = decimals === undefined ? String(value) : (value as number).toFixed(decimals)
  return inWords.replace('#', `${number} ${unit}`.trim())
}

/** dBm; below it packets get lost. */
const faint = -90

/** Percent. */
const low = 10

/** What the owner of a device should know or do, a sentence each; nothing for one that is well. */
export function scanAdvice({
  localName = '',
  model,
  rssi = 0,
  battery = 100,
  inAdvertisement,
  inScanResponse,
  error,
  unknown,
}: ScannedDevice): string[] {
  const isLamp = isLampName(localName)
  const advice = {
    'is a lamp or a plug, not a sensor: it sends no readings': isLamp,
    'sends its reading in the scan response only: it needs active scanning, which this program does':
      inScanResponse && !inAdvertisement,
    'has sent no reading yet: some models do so only when asked, so give it a minute, or bring it nearer':
      model === undefined && unknown === undefined && !isLamp,
    [`looks like Govee's but is not known: please report its name and these bytes: ${unknown ?? ''}`]:
      model === undefined && unknown !== undefined,
    'says that its values are invalid: check its batteries and, where it has one, its other part': error,
    [`has a low battery (${battery} %): change it soon`]: battery <= low,
    [`is heard faintly (${rssi} dBm): bring it and the receiver nearer to each other`]: rssi < faint,
  }
  return Object.entries(advice).flatMap(([sentence, applies]) => (applies ? [sentence] : []))
}

/** The parameters of a GoveeSensor that reports just these devices, each under the name that it has in a file, or its own; none for none. */
export function configLines(devices: readonly ScannedDevice[]): string[] {
  const taken = new Set<string>()
  const lines = devices.flatMap(({ model, ...device }) => {
    if (model === undefined) return []
    const level = device.destination ?? deviceLevel({ ...device, model }, taken)
    taken.add(level)
    return [`Address${taken.size} = ${device.address}`, `Destination${taken.size} = ${level}`]
  })
  if (lines.length === 0) return []
  return [
    'To report only these, put into the section of the GoveeSensor (and choose the destinations):',
    '',
    ...lines,
  ]
}
