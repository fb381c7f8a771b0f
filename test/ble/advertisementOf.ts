import type { Advertisement } from '../../src/radio/advertisement.js'

type Texts = Partial<Omit<Advertisement, 'manufacturerData'>> & { manufacturerData?: string | string[] }

/** An advertisement with its manufacturer records (company id included) written in hex. */
export function advertisementOf({ manufacturerData = [], ...rest }: Texts): Advertisement {
  return {
    address: 'a4:c1:38:11:22:33',
    serviceUuids: [],
    serviceData: [],
    ...rest,
    manufacturerData: [manufacturerData].flat().map((hex) => Buffer.from(hex, 'hex')),
  }
}
