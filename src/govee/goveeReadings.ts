import type { Reading } from '../model.js'
import type { Climate } from './climate.js'
import type { Observation } from './observation.js'
import { type PartTopics, partTopics } from './partTopics.js'
import { toFahrenheit } from './toFahrenheit.js'

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
