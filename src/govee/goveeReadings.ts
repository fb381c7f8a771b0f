import type { Advertisement } from '../bluetooth/advertisement.js'
import type { Reading } from '../model.js'
import type { DeviceTopics } from './deviceTopics.js'
import type { Measurement } from './measurement.js'
import { toFahrenheit } from './toFahrenheit.js'

/** The readings in a measurement, each on its topic, and the RSSI (dBm) of the packet it came in. */
export function goveeReadings(
  { temperature_c, humidity, battery, decimals }: Measurement,
  topics: DeviceTopics,
  { at, rssi }: Advertisement,
): Reading[] {
  const readings: Reading[] = []
  if (temperature_c !== undefined) {
    readings.push(reading(topics.temp_c, temperature_c, decimals, at))
    readings.push(reading(topics.temp_f, toFahrenheit(temperature_c, decimals), decimals, at))
  }
  if (humidity !== undefined) readings.push(reading(topics.humi, humidity, decimals, at))
  if (battery !== undefined) readings.push(reading(topics.battery, battery, 0, at))
  if (rssi !== undefined) readings.push(reading(topics.rssi, rssi, 0, at))
  return readings
}

function reading(destination: string, value: number, decimals: number, at: number | undefined): Reading {
  return at === undefined ? { destination, value, decimals } : { destination, value, decimals, at }
}
