import { escapeControls } from '../logging/escapeControls.js'
import { inRange } from '../sysfs/inRange.js'

/**
 * The temperature (°C) in what the kernel shows of a 1-Wire thermometer: two lines with the nine bytes of its memory, the
 * first with the verdict on their checksum, the second with millidegrees
 * (https://docs.kernel.org/w1/slaves/w1_therm.html). Throws when it is none to rely on.
 *
 * @example parseW1Slave('50 05 4b 46 7f ff 0c 10 1c : crc=1c YES\n50 05 4b 46 7f ff 0c 10 1c t=21312\n') // 21.312
 */
export function parseW1Slave(text: string): number {
  const [, verdict] = / crc=[0-9a-f]{2} (YES|NO)$/im.exec(text) ?? []
  const [, thousandths] = / t=(-?\d+)$/m.exec(text) ?? []
  if (verdict === undefined || thousandths === undefined)
    throw new Error(`expected lines with crc= and t=, got "${escapeControls(text.slice(0, 80))}"`)
  if (verdict !== 'YES')
    throw new Error('the checksum of the reading is wrong: is the cable long, or the pull-up weak?')
  // Nine zeros have a right checksum, and are what a bus says that is shorted to ground.
  if (/^(00 ){9}/.test(text))
    throw new Error('the sensor says nothing but zeros: is the bus shorted to ground?')
  return inRange(Number(thousandths) / 1000, -55, 125, '°C')
}
