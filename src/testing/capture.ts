import { readFileSync } from 'node:fs'
import { asyncScheduler, Observable } from 'rxjs'
import { parseCaptureLine } from '../captures/jsonLines.js'
import { formatOf } from '../captures/readCapture.js'
import { recordCutter } from '../captures/records.js'
import type { Advertisement } from '../radio/advertisement.js'

/**
 * The advertisements of a capture file (JSON Lines, btsnoop, pcap or pcapng; a path or URL), the first one at once and the others as long after it as they
 * were recorded: in a marble test a recorded day takes a fraction of a second. Their `at` (milliseconds since the epoch) remains that
 * of the recording; one without follows at once. The whole file is read when it is subscribed to.
 *
 * Fails with an Error that names the file when it cannot be read, or when something in it is no advertisement.
 *
 * @example
 * const reports$ = goveeReports(capture('test/examples/july.jsonl'), { destination: 'govee' })
 * reports$.pipe(map(({ measurement }) => measurement.temperature_c))
 * // → 23.2, 23.1, …
 */
export const capture = (file: string | URL): Observable<Advertisement> =>
  new Observable((subscriber) => {
    const advertisements = advertisementsOf(readFileSync(file), String(file))
    const recorded = advertisements.find(({ at }) => at !== undefined)?.at ?? 0
    const begin = asyncScheduler.now()
    const waitFor = ({ at = recorded }: Advertisement) => begin + at - recorded - asyncScheduler.now()
    let passed = 0
    // One action that is scheduled again and again: a timer for each of a day's packets takes many times as long.
    return asyncScheduler.schedule(function () {
      for (let next = advertisements[passed]; next; next = advertisements[passed]) {
        const wait = waitFor(next)
        if (wait > 0) {
          this.schedule(undefined, wait)
          return
        }
        passed += 1
        subscriber.next(next)
      }
      subscriber.complete()
    })
  })

/** All advertisements in a capture, whose name is for errors: what a test is to rely on must be whole. */
function advertisementsOf(bytes: Buffer, name: string): Advertisement[] {
  const format = formatOf(bytes)
  if (!format) return advertisementLines(new TextDecoder().decode(bytes), name)
  const ignore = () => undefined
  const cutter = recordCutter(format, {
    debug: ignore,
    info: ignore,
    error: ignore,
    warn: (fault: string) => {
      throw new Error(
        `${name}: ${fault} To get a copy of what can be read: sensor-reporter record --all --replay ${name} copy.jsonl`,
      )
    },
  })
  const advertisements = cutter.advertisements(bytes)
  cutter.end()
  return advertisements
}

const advertisementLines = (text: string, name: string): Advertisement[] =>
  text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    try {
      return parseCaptureLine(line)
    } catch (cause) {
      const { message } = cause as Error
      throw new Error(`${name}, line ${index + 1} is no advertisement: ${message}`, { cause })
    }
  })
