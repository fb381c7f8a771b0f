import { lastValueFrom, tap } from 'rxjs'
import { decodeGovee } from '../ble/formats/govee/families.js'
import { joinPackets } from '../ble/joinPackets.js'
import { drained } from '../captures/writeCapture.js'
import type { Advertisement } from '../radio/advertisement.js'
import { listen } from './radio.js'
import { consoleLogger } from './terminal.js'

/**
 * Prints the readings of a capture (`-` is standard input): one JSON object for each advertisement, in order. Resolves to
 * the exit code: 1 when nothing in the capture could be read, 3 when it could not be read to its end.
 */
export async function decode(file: string): Promise<number> {
  let printed = 0
  const advertisements$ = listen({ replay: file, speed: 'max' }, consoleLogger, drained(process.stdout)).pipe(
    joinPackets(),
    tap((advertisement) => {
      printed += 1
      process.stdout.write(`${line(advertisement)}\n`)
    }),
  )
  try {
    await lastValueFrom(advertisements$, { defaultValue: undefined })
    return 0
  } catch (error) {
    console.error((error as Error).message)
    return printed > 0 ? 3 : 1
  }
}

function line(advertisement: Advertisement): string {
  const { at, address, localName: name, rssi } = advertisement
  const measurement = decodeGovee(advertisement) ?? { ignored: true }
  // What it is stands first; the resolution is no reading, and what is undefined is not printed.
  const object = {
    at: isoTime(at),
    address,
    name,
    model: undefined,
    rssi,
    ...measurement,
    decimals: undefined,
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
