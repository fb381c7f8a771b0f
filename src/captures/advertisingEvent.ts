import type { Advertisement, AdvertisingEvent } from '../bluetooth/advertisement.js'
import { addressDigits } from '../govee/addressDigits.js'
import { adStructures } from './adStructures.js'

/** What a legacy report has room for on the air, and what one event has room for beside an extended report's fields. */
const legacyLength = 31
const longest = 229

/** PDU types in a legacy report, and as bits in an extended one. */
const types: Readonly<Record<AdvertisingEvent, readonly [legacy: number, extended: number]>> = {
  adv_ind: [0, 0b0011],
  adv_direct_ind: [1, 0b0101],
  adv_scan_ind: [2, 0b0010],
  adv_nonconn_ind: [3, 0b0000],
  scan_rsp: [4, 0b1011],
}

/**
 * The HCI event (H4) in which a controller would report an advertisement: the opposite of `advertisingReports`. What the
 * advertisement does not say is a public address, `adv_ind`, RSSI not measured. Undefined when it has no address of
 * six bytes, as on macOS.
 */
export function advertisingEvent(advertisement: Advertisement): Uint8Array | undefined {
  const address = Buffer.from(addressDigits(advertisement.address), 'hex').reverse()
  if (address.length !== 6) return undefined
  const { addressType, event = 'adv_ind', rssi = 127 } = advertisement
  const data = (advertisement.data ?? adStructures(advertisement)).subarray(0, longest)
  const random = addressType === 'random' ? 1 : 0
  const level = rssi & 0xff
  const [legacy, extended] = types[event]
  const report =
    data.length <= legacyLength
      ? [0x02, 1, legacy, random, ...address, data.length, ...data, level]
      : // Primary channel 1M, no secondary one, no set, power unknown, not periodic, not directed.
        [
          0x0d,
          1,
          extended,
          0,
          random,
          ...address,
          1,
          0,
          0xff,
          127,
          level,
          0,
          0,
          0,
          ...directTo,
          data.length,
          ...data,
        ]
  return Buffer.of(0x04, 0x3e, report.length, ...report)
}

const directTo = Array<number>(6).fill(0)
