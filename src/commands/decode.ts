import { fromEvent, lastValueFrom, map, takeUntil } from 'rxjs'
import type { Advertisement } from '../bluetooth/advertisement.js'
import { replay } from '../bluetooth/replay.js'
import { decodeGovee } from '../govee/decodeGovee.js'
import { joinPackets } from '../govee/joinPackets.js'
import { consoleLogger } from './consoleLogger.js'

/** Prints the readings of a capture (`-` is standard input): one JSON object for each advertisement, in order. */
export async function decode(file: string): Promise<void> {
  const source = file === '-' ? process.stdin : file
  await lastValueFrom(
    replay({ source, speed: 'max', log: consoleLogger }).pipe(
      joinPackets(),
      map((advertisement) => process.stdout.write(`${JSON.stringify(decoded(advertisement))}\n`)),
      // `decode FILE | head` has read enough.
      takeUntil(fromEvent(process.stdout, 'error')),
    ),
    { defaultValue: true },
  )
}

function decoded(advertisement: Advertisement) {
  const { address, rssi } = advertisement
  const measurement = decodeGovee(advertisement)
  // The model stands first; the resolution is no reading, and what is undefined is not printed.
  return { address, model: undefined, rssi, ...(measurement ?? { ignored: true }), decimals: undefined }
}
