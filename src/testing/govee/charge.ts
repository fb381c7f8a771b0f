import type { GoveeValues } from './goveeValues.js'
import { steps } from './steps.js'

/** The battery byte, percent. */
export const charge = ({ battery = 100 }: GoveeValues): number => steps('battery', battery, 0, 100)
