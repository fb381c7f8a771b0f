import { lastValueFrom, map, tap } from 'rxjs'
import { formats as allFormats, type Keys, type Reader, readerOf } from '../ble/formats/formats.js'
import { packetJoiner } from '../ble/joinPackets.js'
import { readKeyFile } from '../ble/keys.js'
import { drained } from '../captures/writeCapture.js'
import type { Advertisement } from '../radio/advertisement.js'
import { listen } from './radio.js'
import { consoleLogger } from './terminal.js'

export interface DecodeOptions {
  /** A file with the keys of devices that encrypt. */
  readonly keys?: string | undefined
  /** A configuration: with its keys, and with the formats of its classes of one's own. */
  readonly config?: string | undefined
}

/**
 * Prints the readings of a capture (`-` is standard input): one JSON object for each advertisement, in order. Resolves to
 * the exit code: 1 when nothing in the capture could be read, or the file of keys not be used, 3 when it could not be read to
 * its end.
 */
export async function decode(file: string, options: DecodeOptions = {}): Promise<number> {
  let printed = 0
  try {
    const loaded = options.config === undefined ? undefined : await loadedFrom(options.config)
    const given = options.keys === undefined ? [] : await readKeyFile(options.keys, consoleLogger)
    const keys = new Map([...(loaded?.keys ?? []), ...given])
    const formats = [...(loaded?.formats ?? []), ...allFormats]
    const reader = readerOf(formats)
    const advertisements$ = listen(
      { replay: file, speed: 'max' },
      consoleLogger,
      drained(process.stdout),
    ).pipe(
      map(packetJoiner(formats)),
      tap((advertisement) => {
        printed += 1
        process.stdout.write(`${line(advertisement, reader, keys)}\n`)
      }),
    )
    await lastValueFrom(advertisements$, { defaultValue: undefined })
    return 0
  } catch (error) {
    console.error((error as Error).message)
    return printed > 0 ? 3 : 1
  }
}

/** Without a configuration nothing need be loaded that reads one. */
const loadedFrom = async (file: string) => (await import('./check.js')).loadUnfinished(file, consoleLogger)

function line(advertisement: Advertisement, reader: Reader, keys: Keys): string {
  const { at, address, localName: name, rssi } = advertisement
  const measurement = reader.decode(advertisement, keys) ?? { ignored: true }
  // What it is stands first; what is for the program only is no reading, and what is undefined is not printed.
  const object = {
    at: isoTime(at),
    address,
    name,
    brand: undefined,
    model: undefined,
    rssi,
    ...measurement,
    decimals: undefined,
    packet: undefined,
    packetSize: undefined,
    triggered: undefined,
    counter: undefined,
    counterSize: undefined,
    coarse: undefined,
  }
  // A name comes off the air: what JSON leaves as it is could still command a terminal.
  return JSON.stringify(object).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}

/** Nothing for a time that no calendar has. */
function isoTime(at: number | undefined): string | undefined {
  const date = new Date(at ?? NaN)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}
