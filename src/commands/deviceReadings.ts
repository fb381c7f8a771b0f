import type { Climate } from '../govee/climate.js'
import type { Measurement } from '../govee/measurement.js'

/**
 * A measurement as people read it, by what each text is about: a device that sends its values in several packets says
 * each of them again under the same key. Values come with the digits that the device resolves.
 *
 * @example deviceReadings({ model: 'H5075', decimals: 1, temperature_c: 21.7, battery: 100 }) // { climate: '21.7 °C', battery: 'battery 100 %' }
 */
export function deviceReadings(measurement: Measurement): Readonly<Record<string, string>> {
  const { decimals, sensor, probes = {}, battery, co2, pm25, event } = measurement
  const climate = climateText(measurement, decimals)
  const texts: Record<string, string | undefined> = {
    [sensor ?? 'climate']: climate && (sensor ? `${sensor} ${climate}` : climate),
    ...Object.fromEntries(
      Object.entries(probes).map(([number, probe]) => {
        const text = climateText(probe, decimals)
        return [`probe ${number}`, text && `probe ${number}: ${text}`]
      }),
    ),
    co2: co2 === undefined ? undefined : `${co2} ppm CO2`,
    pm25: pm25 === undefined ? undefined : `${pm25} µg/m³`,
    occupancy: either(measurement.occupancy, 'occupied', 'empty'),
    motion: either(measurement.motion, 'moving', 'still'),
    door: either(measurement.window_open, 'open', 'closed'),
    load: either(measurement.pressure_detected, 'loaded', 'empty'),
    event: event && (event.type === 'button' ? `button ${event.button} pressed` : event.type),
    [sensor ? `${sensor} battery` : 'battery']: battery === undefined ? undefined : `battery ${battery} %`,
  }
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined)) as Record<
    string,
    string
  >
}

function climateText({ temperature_c, humidity }: Climate, decimals: number): string | undefined {
  const parts = [
    ...(temperature_c === undefined ? [] : [`${temperature_c.toFixed(decimals)} °C`]),
    ...(humidity === undefined ? [] : [`${humidity.toFixed(decimals)} %`]),
  ]
  return parts.length > 0 ? parts.join(' ') : undefined
}

const either = (value: boolean | undefined, yes: string, no: string) =>
  value === undefined ? undefined : value ? yes : no
