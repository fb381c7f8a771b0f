import { choice } from '../config/fields/choice.js'

/** Degrees Celsius or Fahrenheit. */
export const temperatureUnit = choice('C', 'F')
