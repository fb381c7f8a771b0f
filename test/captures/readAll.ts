import { readCapture } from '../../src/captures/readCapture.js'
import type { Advertisement } from '../../src/radio/advertisement.js'
import { recordedLog } from '../support/recordedLog.js'

/** All advertisements in a capture that arrives in chunks of this size, and what is logged meanwhile. */
export async function readAll(capture: Buffer, size = 64 * 1024) {
  const { log, lines } = recordedLog()
  const advertisements: Advertisement[] = []
  for await (const batch of readCapture(chunks(capture, size), log)) advertisements.push(...batch)
  return { advertisements, lines }
}

// eslint-disable-next-line @typescript-eslint/require-await -- files arrive in their own time
async function* chunks(capture: Buffer, size: number) {
  for (let at = 0; at < capture.length; at += size) yield capture.subarray(at, at + size)
}
