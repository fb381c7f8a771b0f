import type { Advertisement } from '../../radio/advertisement.js'
import type { Measurement } from '../measurement.js'
import type { Format } from './format.js'
import { companyId, digits, uint16 } from './payload.js'

/** Every iBeacon has this company id, Apple's. */
const company = 0x004c

/**
 * Tilt's hydrometers, which are iBeacons: the UUID says the colour, major is °F and minor the specific gravity. The last byte is not
 * read: it is the power of transmission or, in newer ones, the age of the battery. Source: tilt-ble.
 */
export const tilt: Format = {
  brand: 'Tilt',
  models: 'Tilt and Tilt Pro of every colour',
  companies: [company],
  decode,
}

function decode({ manufacturerData }: Advertisement): Measurement | undefined {
  for (const record of manufacturerData) {
    const colour = record.length === 25 && companyId(record) === company ? colourOf(record) : undefined
    if (colour !== undefined) return reading(record, colour)
  }
  return undefined
}

/** 02 15 and the UUID, in which bits 7-4 of the fourth byte are the number of the colour. */
const prefix = Buffer.from('0215a495bb00c5b14b44b5121370f02d74de', 'hex')

const colours = ['Red', 'Green', 'Black', 'Purple', 'Orange', 'Blue', 'Yellow', 'Pink']

const colourAt = 7

function colourOf(record: Uint8Array): string | undefined {
  for (let at = 2; at < 20; at += 1) if (record[at] !== prefix[at - 2] && at !== colourAt) return undefined
  const number = record[colourAt] ?? 0
  return number & 0x0f ? undefined : colours[(number >> 4) - 1]
}

/** `… 020e 2905 c5`: a Pro, 52.6 °F, 1.0501; the others have whole degrees and three digits, `0043 041a` is 67 °F and 1.05. */
function reading(record: Uint8Array, colour: string): Measurement {
  const payload = { record, start: 20 }
  const [major, minor] = [uint16(payload, 0), uint16(payload, 2)]
  const isPro = minor >= 5000
  const device = { brand: 'Tilt', model: `Tilt ${isPro ? 'Pro ' : ''}${colour}` }
  // The firmware says its version where the gravity would be.
  if (major === 999) return { ...device, ignored: true }
  const fahrenheit = isPro ? major / 10 : major
  return {
    ...device,
    temperature_c: digits(((fahrenheit - 32) * 5) / 9, 1),
    specific_gravity: isPro ? minor / 10_000 : minor / 1000,
  }
}
