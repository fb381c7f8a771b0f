import { escapeControls } from '../logging/records.js'
import type { Logger, Reading } from '../model.js'
import type { DeviceReport } from '../operators/throttleReadings.js'
import type { Advertisement } from '../radio/advertisement.js'
import { goveeDevices, type PartTopics, partTopics } from './devices.js'
import { decodeGovee } from './formats/govee/families.js'
import { looksLikeGovee } from './formats/govee/recognise.js'
import { packetJoiner } from './joinPackets.js'
import type { Climate } from './measurement.js'
import { isPlausible, isRepeated, type Observation } from './plausibility.js'

/** The readings in a measurement, each on its topic, and the RSSI (dBm) of the packet it came in. */
export function goveeReadings({ measurement, advertisement, device: { topics } }: Observation): Reading[] {
  const { prefix: device } = topics
  const { decimals, sensor, probes, battery, co2, pm25, event } = measurement
  const { occupancy, motion, pressure_detected, window_open } = measurement
  const { at, rssi } = advertisement
  const readings: Reading[] = []
  const topicOf = (kind: string) => ((topics.others ??= {})[kind] ??= `${topics.prefix}/${kind}`)
  const topicsOf = (part: string) => ((topics.parts ??= {})[part] ??= partTopics(`${topics.prefix}/${part}`))
  const own = sensor ? topicsOf(sensor) : topics

  const number = (destination: string, value: number, decimals = 0) =>
    readings.push(
      at === undefined
        ? { destination, value, decimals, device }
        : { destination, value, decimals, device, at },
    )
  const text = (kind: string, value: string) =>
    readings.push({ destination: topicOf(kind), value, device, ...(at !== undefined && { at }) })
  const climate = ({ temperature_c, humidity }: Climate, { temp_c, temp_f, humi }: PartTopics) => {
    if (temperature_c !== undefined) {
      number(temp_c, temperature_c, decimals)
      number(temp_f, toFahrenheit(temperature_c, decimals), decimals)
    }
    if (humidity !== undefined) number(humi, humidity, decimals)
  }

  climate(measurement, own)
  for (const probe in probes) climate(probes[probe] ?? {}, topicsOf(`probe${probe}`))
  if (co2 !== undefined) number(topicOf('co2'), co2)
  if (pm25 !== undefined) number(topicOf('pm25'), pm25)
  if (occupancy !== undefined) text('presence', onOff(occupancy))
  if (motion !== undefined) text('motion', onOff(motion))
  if (pressure_detected !== undefined) text('load', onOff(pressure_detected))
  if (window_open !== undefined) text('door', window_open ? 'OPEN' : 'CLOSED')
  if (event) {
    const value = event.type === 'button' ? event.button : 'ON'
    readings.push({
      destination: topicOf(event.type),
      value,
      event: true,
      device,
      ...(at !== undefined && { at }),
    })
  }
  if (battery !== undefined) number(own.battery, battery)
  if (rssi !== undefined) number(topics.rssi, rssi)
  return readings
}

const onOff = (on: boolean) => (on ? 'ON' : 'OFF')

/** °C to °F, rounded to `decimals`, never `-0`. */
export function toFahrenheit(celsius: number, decimals: number): number {
  const scale = 10 ** decimals
  return Math.round(celsius * scale * 1.8 + 32 * scale) / scale || 0
}

/**
 * Makes a function from the packets of Govee devices to what each reports, if it does: below `destination` or, with `chosen`,
 * where it says. What looks like Govee's but cannot be decoded is said in the log, if there is one. All of it is one function
 * because every packet on the air comes by, and most end here.
 */
export function goveeReports(
  destination: string,
  chosen?: Readonly<Record<string, string>>,
  log?: Logger,
): (advertisement: Advertisement) => DeviceReport | undefined {
  const join = packetJoiner()
  const deviceOf = goveeDevices(destination, chosen)
  const say = log && sayUnknown(log)
  return (packet) => {
    const advertisement = join(packet)
    const measurement = decodeGovee(advertisement)
    if (!measurement) {
      say?.(advertisement)
      return undefined
    }
    const device = deviceOf(advertisement, measurement.model)
    if (!device) return undefined
    const observation = { advertisement, measurement, device }
    if (isRepeated(observation) || !isPlausible(observation)) return undefined
    return { device: device.topics.prefix, readings: goveeReadings(observation) }
  }
}

/** Enough for any street; somebody who makes addresses up shall not fill the log. */
const deviceLimit = 1000

const longestText = 500

/** Makes a function that logs a packet that looks like Govee's but could not be decoded, once for each device. */
export function sayUnknown(log: Logger): (advertisement: Advertisement) => void {
  const said = new Set<string>()
  return (advertisement) => {
    if (said.size >= deviceLimit || !looksLikeGovee(advertisement)) return
    const address = advertisement.address.toLowerCase()
    if (said.has(address)) return
    said.add(address)
    log.info(`${portrait(advertisement)}: please report this line to the project`)
  }
}

function portrait({ address, localName, serviceUuids, manufacturerData }: Advertisement): string {
  const name =
    localName === undefined ? 'a nameless device' : `"${escapeControls(localName.slice(0, longestText))}"`
  const records = manufacturerData.map((record) => Buffer.from(record).toString('hex')).join(' ')
  const services = serviceUuids.length > 0 ? `, services ${serviceUuids.join(' ')}` : ''
  const data = `manufacturer data ${records}${services}`
  return `${name} at ${escapeControls(address)} looks like a Govee device that is not known yet, ${data.slice(0, longestText)}`
}
