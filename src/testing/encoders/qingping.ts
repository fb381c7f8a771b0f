import { type BrandEncoder, type EncodedValues, int16, steps } from './encoder.js'

/** A Qingping sensor, with all its values in one packet. Some of them are only said in pairs. */
export const qingpingEncoder: BrandEncoder = {
  brand: 'Qingping',
  says: [
    ...(['temperature', 'humidity', 'battery', 'window_open', 'pressure_hpa', 'motion'] as const),
    ...(['illuminance_lx', 'light', 'pm25', 'pm10', 'co2', 'packet'] as const),
  ],
  encode: (values, { address }) => {
    const parts = objects.filter(({ keys }) => keys.some((key) => values[key] !== undefined))
    const bytes = parts.flatMap(({ id, write }) => {
      const value = write(values)
      return [id, value.length, ...value]
    })
    return {
      serviceData: [{ uuid: 'fdcd', data: Buffer.of(8, 1, ...Buffer.from(address).reverse(), ...bytes) }],
    }
  },
}

interface Part {
  /** It is there when one of these is. */
  readonly keys: readonly (keyof EncodedValues)[]
  readonly id: number
  readonly write: (values: EncodedValues) => number[]
}

const little = (value: number): number[] => [...int16(value)].reverse()

const objects: readonly Part[] = [
  {
    keys: ['temperature_c', 'humidity'],
    id: 0x01,
    write: ({ temperature_c, humidity }) => [
      ...little(steps('temperature', temperature_c, -3276.8, 3276.7, 10)),
      ...little(steps('humidity', humidity, 0, 6553.5, 10)),
    ],
  },
  { keys: ['battery'], id: 0x02, write: ({ battery }) => [steps('battery', battery, 0, 100)] },
  { keys: ['window_open'], id: 0x04, write: ({ window_open }) => [window_open ? 0 : 1] },
  {
    keys: ['pressure_hpa'],
    id: 0x07,
    write: ({ pressure_hpa }) => little(steps('pressure_hpa', pressure_hpa, 0, 6553.5, 10)),
  },
  {
    keys: ['motion', 'illuminance_lx'],
    id: 0x08,
    write: ({ motion, illuminance_lx }) => {
      if (motion === undefined) throw new Error('expected motion beside illuminance_lx, got none')
      const lux = steps('illuminance_lx', illuminance_lx, 0, 0xffffff)
      return [Number(motion), ...little(lux), lux >> 16]
    },
  },
  { keys: ['light'], id: 0x11, write: ({ light }) => [Number(light)] },
  {
    keys: ['pm25', 'pm10'],
    id: 0x12,
    write: ({ pm25, pm10 }) => [
      ...little(steps('pm25', pm25, 0, 0xffff)),
      ...little(steps('pm10', pm10, 0, 0xffff)),
    ],
  },
  { keys: ['co2'], id: 0x13, write: ({ co2 }) => little(steps('co2', co2, 0, 0xffff)) },
  { keys: ['packet'], id: 0x0f, write: ({ packet }) => [steps('packet', packet, 0, 0xff)] },
]
