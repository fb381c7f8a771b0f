import type { Advertisement } from './advertisement.js'
import type { RadioState } from './radioState.js'

/** Tells what is heard from what the radio says of itself. */
export const isAdvertisement = (sign: Advertisement | RadioState): sign is Advertisement => !('kind' in sign)
