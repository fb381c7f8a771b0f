import { fromEvent, lastValueFrom, map, takeUntil } from 'rxjs'
import { decodeGovee } from '../ble/formats/govee/families.js'
import { joinPackets } from '../ble/joinPackets.js'
import { drained } from '../captures/writeCapture.js'
import type { Advertisement } from '../radio/advertisement.js'
import { listen } from './radio.js'
import { consoleLogger } from './terminal.js'

/**
 * Prints the readings of a capture (`-` is standard input): one JSON object for each advertisement, in order. Resolves to
 * the exit code: 3 when the capture cannot be read.
 */
export async function decode(file: string): Promise<number> {
  const lines$ = listen({ replay: file, speed: 'max' }, consoleLogger, drained(process.stdout)).pipe(
    joinPackets(),
    map((advertisement) => process.stdout.write(`${JSON.stringify(decoded(advertisement))}\n`)),
    // `decode FILE | head` has read enough.
    takeUntil(fromEvent(process.stdout, 'error')),
  )
  try {
    await lastValueFrom(lines$, { defaultValue: true })
    return 0
  } catch (error) {
    console.error((error as Error).message)
    return 3
  }
}

function decoded(advertisement: Advertisement) {
  const { address, rssi } = advertisement
  const measurement = decodeGovee(advertisement)
  // The model stands first; the resolution is no reading, and what is undefined is not printed.
  return { address, model: undefined, rssi, ...(measurement ?? { ignored: true }), decimals: undefined }
}
