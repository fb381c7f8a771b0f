import { charge } from './charge.js'
import type { GoveeValues } from './goveeValues.js'
import { int16 } from './int16.js'
import { steps } from './steps.js'

/** Temperature and humidity in hundredths, 16 bits little-endian each, then the battery byte. */
export function climateLittleEndian(values: GoveeValues): readonly number[] {
  const temperature = steps('temperature', values.temperature, -40, 100, 100)
  const humidity = steps('humidity', values.humidity, 0, 100, 100)
  const power = charge(values)
  if (temperature === -1)
    throw new Error('expected another temperature than -0.01, which is how it says that it has none')
  if (temperature === 0 && humidity === 0 && power === 0)
    throw new Error('expected anything but zeros, which are how it says that it is just starting')
  return [...int16(temperature).reverse(), ...int16(humidity).reverse(), power]
}
