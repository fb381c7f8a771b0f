import { escapeControls } from '../fields/problems.js'
import type { Logger, Reading } from '../model.js'
import { addressDigits, type Advertisement } from '../radio/advertisement.js'
import type { Format } from './formats/format.js'
import type { Keys } from './formats/formats.js'
import type { Measurement } from './measurement.js'
import type { Observation } from './plausibility.js'

/** Enough for any street; somebody who makes addresses up shall not fill the log. */
const deviceLimit = 1000

const longestText = 500

/** Makes a function that logs that a device is heard and where it is published, once; and, at DEBUG, each of its readings. */
export function logHeard(log: Logger): (observation: Observation, readings: readonly Reading[]) => void {
  let count = 0
  return ({ device, advertisement, measurement }, readings) => {
    if (!device.logged && count < deviceLimit) {
      device.logged = true
      count += 1
      const { address, localName, rssi } = advertisement
      const name = escapeControls((localName ?? address).slice(0, longestText))
      const strength = rssi === undefined ? '' : `, ${rssi} dBm`
      log.info(`heard ${name} (${measurement.model}${strength}): published on ${device.prefix}`)
    }
    for (const { destination, value } of readings) log.debug('heard', destination, value)
  }
}

/** Makes a function that logs a packet that looks as if the format should read it but could not be decoded, once for each device. */
export function logUnknown(formats: readonly Format[], log: Logger): (advertisement: Advertisement) => void {
  const isNew = firstTime()
  const knowing = formats.filter(({ looksFamiliar }) => looksFamiliar)
  return (advertisement) => {
    for (const { brand, looksFamiliar } of knowing) {
      if (!looksFamiliar?.(advertisement)) continue
      if (isNew(advertisement))
        log.info(`${portrait(brand, advertisement)}: please report this line to the project`)
      return
    }
  }
}

/** Makes a function that logs why a device that is known has no reading, where its owner can do something, once for each device. */
export function logIgnored(
  formatOf: (measurement: Measurement) => Format | undefined,
  keys: Keys | undefined,
  log: Logger,
): (measurement: Measurement, advertisement: Advertisement) => void {
  const isNew = firstTime()
  return (measurement, advertisement) => {
    const { address, localName = measurement.model } = advertisement
    const { keyAdvice = '', advice } = formatOf(measurement) ?? {}
    const lock = keys?.has(addressDigits(address))
      ? 'the key that is configured does not open what it says'
      : 'what it says is encrypted, and no key is configured'
    const text = measurement.encrypted ? `${lock}: ${keyAdvice}` : advice
    if (text === undefined || !isNew(advertisement)) return
    log.warn(`${escapeControls(localName.slice(0, longestText))} at ${escapeControls(address)}: ${text}`)
  }
}

/** Makes a function that says of each device once that it is new, as long as they are not too many. */
function firstTime(): (advertisement: Advertisement) => boolean {
  const addresses = new Set<string>()
  return ({ address }) => {
    const digits = address.toLowerCase()
    if (addresses.size >= deviceLimit || addresses.has(digits)) return false
    addresses.add(digits)
    return true
  }
}

function portrait(
  brand: string,
  { address, localName, serviceUuids, manufacturerData }: Advertisement,
): string {
  const name =
    localName === undefined ? 'a nameless device' : `"${escapeControls(localName.slice(0, longestText))}"`
  const records = manufacturerData.map((record) => Buffer.from(record).toString('hex')).join(' ')
  const services = serviceUuids.length > 0 ? `, services ${serviceUuids.join(' ')}` : ''
  const data = `manufacturer data ${records}${services}`
  return `${name} at ${escapeControls(address)} looks like a ${brand} device that is not known yet, ${data.slice(0, longestText)}`
}
