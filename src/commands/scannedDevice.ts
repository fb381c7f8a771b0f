import type { Advertisement } from '../bluetooth/advertisement.js'
import { decodeGovee } from '../govee/decodeGovee.js'
import { looksLikeGovee } from '../govee/looksLikeGovee.js'
import { deviceReadings } from './deviceReadings.js'

/** What `scan` knows of a device, from all its packets. */
export interface ScannedDevice {
  readonly address: string
  readonly localName?: string | undefined
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
