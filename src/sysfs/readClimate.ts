import type { Climate } from './climate.js'
import { inRange } from './inRange.js'
import { readThousandths } from './readThousandths.js'

/** Reads a pair of files of the kernel; one after the other, for both come from one measurement that the driver keeps. */
export async function readClimate(temperatureFile: string, humidityFile: string): Promise<Climate> {
  const temperature = inRange(await readThousandths(temperatureFile), -40, 125, '°C')
  const humidity = inRange(await readThousandths(humidityFile), 0, 100, '%')
  return { temperature, humidity }
}
