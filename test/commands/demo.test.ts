import { lastValueFrom, map, scan, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { bleSensor } from '../../src/ble/bleSensor.js'
import { demoScreen, recording } from '../../src/commands/demo.js'
import { quietLog } from '../support/quietLog.js'

const health = JSON.stringify({ at: '2026-11-27T19:07:41.138Z', dropped: 'x'.repeat(200) })

const topics = (count: number) =>
  new Map(
    [
      ...Array.from({ length: count }, (_, n) => [`root/govee/GVH5075_170C/value${n}`, '21.4'] as const),
      ['root/health', health] as const,
      ['root/status', 'OFFLINE'] as const,
    ].map(([topic, value]) => [topic, { value, count: 1, at: 0 }]),
  )

const screen = (count: number, log = '', hasStopped = false) =>
  demoScreen({
    topics: topics(count),
    port: 1883,
    log,
    colours: false,
    columns: 80,
    rows: 24,
    hasStopped,
  }).split('\n')

describe('the screen of the demo', () => {
  it('is no wider than its terminal, whatever a value and the log are', () => {
    const lines = screen(3, 'y'.repeat(300))
    expect(Math.max(...lines.map(({ length }) => length))).toBe(80)
    expect(lines.find((line) => line.startsWith('root/health'))).toMatch(/\{"at":"[^"]+…/)
    expect(lines.find((line) => line.includes('value0'))).toMatch(/ 21\.4 /)
  })

  it('is lower than its terminal, with what the program says of itself, and counts what there is no room for', () => {
    const lines = screen(30)
    expect(lines).toHaveLength(23)
    expect(lines.join('\n')).toMatch(/topic.*\nroot\/health.*\nroot\/status/)
    expect(lines).toContain('… and 16 more topics, for which this window is too low')
    expect(screen(15)).toHaveLength(23)
    expect(screen(15).join()).not.toMatch(/more/)
  })

  it('says that it has stopped, and then not how to ask it for readings', () => {
    expect(screen(1).join()).toMatch(/sensor_reporter\/refresh/)
    const last = screen(1, '', true).join()
    expect(last).toMatch(/has stopped.* is OFFLINE/)
    expect(last).not.toMatch(/refresh/)
  })
})

describe('the recording of the demo', () => {
  it('goes on after its hour with every device, also with one whose counter somebody could have recorded', async () => {
    const hour = 3_600_000
    const options = {
      destination: 'ble',
      devices: {
        'a4:c1:38:8f:41:d6': 'bath',
        'cb:b8:33:4c:88:4f': 'balcony',
        'a4:c1:38:4b:17:0c': 'kitchen',
      },
      keys: { 'a4:c1:38:8f:41:d6': '231d39c1d7cc1ab1aee224cd096db932' },
    }
    const packets$ = recording(quietLog(), 'max').pipe(take(2 * 831))
    const counts$ = bleSensor(packets$, options).pipe(
      map(
        ({ destination, at = 0 }) => `${destination} ${at < 1_765_000_000_000 + hour ? 'first' : 'second'}`,
      ),
      scan((counts, key) => counts.set(key, (counts.get(key) ?? 0) + 1), new Map<string, number>()),
    )
    const counts = await lastValueFrom(counts$, { defaultValue: new Map<string, number>() })
    for (const topic of ['bath/temp_c', 'bath/humi', 'balcony/temp_c', 'kitchen/temp_c']) {
      expect(counts.get(`${topic} first`), topic).toBeGreaterThan(30)
      expect(counts.get(`${topic} second`), topic).toBe(counts.get(`${topic} first`))
    }
  })
})
