import { readFileSync } from 'node:fs'
import { asyncScheduler, Observable } from 'rxjs'
import type { Advertisement } from '../radio/advertisement.js'
import { advertisementsOf } from './advertisement.js'

/**
 * The advertisements of a capture file (JSON Lines, btsnoop, pcap or pcapng; a path or URL), the first one at once and the others as long after it as they
 * were recorded: in a marble test a recorded day takes a fraction of a second. Their `at` (milliseconds since the epoch) remains that
 * of the recording; one without follows at once. The whole file is read when it is subscribed to.
 *
 * Fails with an Error that names the file when it cannot be read, or when something in it is no advertisement.
 *
 * @example
 * const readings$ = goveeSensor(capture('test/kitchen.jsonl'), { destination: 'govee' })
 * const hot$ = readings$.pipe(filter(({ value }) => Number(value) > 30))
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
