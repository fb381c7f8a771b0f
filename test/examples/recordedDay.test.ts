import { it } from 'vitest'
import { goveeSensor } from 'sensor-reporter'
import { capture, marbles } from 'sensor-reporter/testing'
import { tooHot } from './atticAlarm.js'

const minute = 60_000

it('gives alarm at 13:25 on that day in July, and again ten minutes after a cloud', () =>
  marbles(({ expectObservable }) => {
    const heard$ = capture(new URL('july.jsonl', import.meta.url))
    const rooms$ = goveeSensor(heard$, { destination: 'govee', devices: { 'a4:c1:38:11:22:33': 'attic' } })

    // A character is a minute, and so is the letter itself.
    const expected = 'x 804m o 194m x 14m o 114m x 309m |'
    expectObservable(rooms$.pipe(tooHot)).toBe(expected, { o: command('ON'), x: command('OFF') })
  }, minute))

const command = (payload: string) => ({ source: 'attic/temp_c', payload, from: 'alarm' })
