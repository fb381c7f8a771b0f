// @ts-check
import { formatPlugin } from 'sensor-reporter'

/** @type {import('sensor-reporter').Format} */
export const myScale = {
  brand: 'MyScale',
  companies: [0x1234],
  decode({ manufacturerData }) {
    const record = manufacturerData.find(
      (bytes) => bytes.length === 5 && bytes[0] === 0x34 && bytes[1] === 0x12,
    )
    if (!record) return undefined
    const weight_kg = Buffer.from(record).readUInt16LE(2) / 100_000
    return { brand: 'MyScale', model: 'S1', ...(record[4] === 1 ? { weight_kg } : { ignored: true }) }
  },
}

/** `[SensorN] Class = ./myscale.js#MyScale` */
export const MyScale = formatPlugin(myScale)
