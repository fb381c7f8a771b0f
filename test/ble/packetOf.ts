import type { Advertisement } from '../../src/radio/advertisement.js'
import { advertisementOf } from './advertisementOf.js'
import type { Vector } from './vectors.js'

/** The packet that a vector describes. */
export const packetOf = ({ address, localName, manufacturerData, serviceUuids }: Vector): Advertisement =>
  advertisementOf({
    ...(address !== undefined && { address }),
    ...(localName !== undefined && { localName }),
    ...(manufacturerData !== undefined && { manufacturerData }),
    ...(serviceUuids && { serviceUuids }),
  })
