import { asyncScheduler, lastValueFrom, take, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { Heartbeat, heartbeat, uptimeText } from '../../src/heartbeat/heartbeat.js'
import { marbles } from '../../src/testing/marbles.js'
import { undescribed } from '../support/undescribed.js'

const options = { period: 60_000, numberDestination: 'uptime/ms', textDestination: 'uptime/text' }

describe('heartbeat', () => {
  it('beats at once and then every period, as a number and as a text', () =>
    marbles(({ expectObservable }) => {
      const values = {
        a: { destination: 'uptime/ms', value: 0 },
        b: { destination: 'uptime/text', value: '00:00:00:00' },
        c: { destination: 'uptime/ms', value: 60_000 },
        d: { destination: 'uptime/text', value: '00:00:01:00' },
      }
      const beats$ = heartbeat(options, () => asyncScheduler.now())
      expectObservable(beats$.pipe(undescribed), '^ 90s !').toBe('(ab) 59996ms (cd)', values)
    }))

  it.each([
    [4000, '0:00:04'],
    [86_399_999, '23:59:59'],
    [93_784_000, '1 day, 2:03:04'],
    [172_800_000, '2 days, 0:00:00'],
  ])('writes %d ms as Python does: %s', async (uptime, text) => {
    const beats$ = heartbeat({ ...options, form: 'DAYS' }, () => uptime)
    const [, second] = await lastValueFrom(beats$.pipe(take(2), toArray()))
    expect(second?.value).toBe(text)
  })

  it('says how long the program has been running', async () => {
    const before = Math.floor(process.uptime() * 1000)
    const [first] = await lastValueFrom(heartbeat(options).pipe(take(2), toArray()), { defaultValue: [] })
    expect(first?.destination).toBe('uptime/ms')
    expect(first?.value).toBeGreaterThanOrEqual(before)
    expect(first?.value).toBeLessThanOrEqual(Math.ceil(process.uptime() * 1000))
  })
})

describe('[Sensor…] heartbeat.heartbeat.Heartbeat', () => {
  const texts = { Poll: '60', 'Num-Dest': 'heartbeat/num', 'Str-Dest': 'heartbeat/str' }

  it('reads its parameters', () => {
    expect(Heartbeat.options.parse(texts)).toEqual({
      ...texts,
      Poll: 60_000,
      'Str-Format': 'CLOCK',
    })
  })

  it.each([
    ['Poll', '0.5'],
    ['Num-Dest', 'status'],
    ['Str-Dest', 'a/#'],
  ])('refuses %s = %s', (key, value) => {
    const { error } = Heartbeat.options.safeParse({ ...texts, [key]: value })
    expect(error?.issues.map(({ path }) => path)).toEqual([[key]])
  })
})

it.each([
  [0, '00:00:00:00'],
  [999, '00:00:00:00'],
  [61_000, '00:00:01:01'],
  [86_399_999, '00:23:59:59'],
  [93_784_000, '01:02:03:04'],
  [8_640_000_000, '100:00:00:00'],
])('writes %d ms as %s', (uptime, text) => {
  expect(uptimeText(uptime)).toBe(text)
})
