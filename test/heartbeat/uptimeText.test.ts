import { expect, it } from 'vitest'
import { uptimeText } from '../../src/heartbeat/uptimeText.js'

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
