import { describe, expect, it } from 'vitest'
import { sayUnknown } from '../../src/govee/sayUnknown.js'
import { recordedLog } from '../support/recordedLog.js'
import { advertisementOf } from './advertisementOf.js'

const unknown = {
  localName: 'GVH5199_2233',
  serviceUuids: ['ec88'],
  manufacturerData: '01000101033aed6400ff',
}

function saidOf(...packets: Parameters<typeof advertisementOf>[0][]) {
  const { log, lines } = recordedLog()
  const say = sayUnknown(log)
  for (const packet of packets) say(advertisementOf(packet))
  return lines
}

describe('a device that looks like one of Govee’s but is not known', () => {
  it('is said with its name, address, services and bytes, and whom to tell', () => {
    expect(saidOf(unknown)).toEqual([
      'info: "GVH5199_2233" at a4:c1:38:11:22:33 looks like a Govee device that is not known yet, ' +
        'manufacturer data 01000101033aed6400ff, services ec88: please report this line to the project',
    ])
  })

  it('is said once, however its address is written and its bytes change', () => {
    const later = { ...unknown, address: 'A4:C1:38:11:22:33', manufacturerData: '01000101033aed6400fe' }
    expect(saidOf(unknown, unknown, later)).toHaveLength(1)
    expect(saidOf(unknown, { ...unknown, address: 'a4:c1:38:44:55:66' })).toHaveLength(2)
  })

  it('cannot forge a line nor fill the log with a long one', () => {
    const [line = ''] = saidOf({
      ...unknown,
      localName: `GV\n\u001b[2J${'x'.repeat(5000)}`,
      manufacturerData: 'ab'.repeat(5000),
    })
    expect(line).toContain('"GV\\n\\u{1b}[2Jxxx')
    expect(line.length).toBeLessThan(2000)
    expect(line).toMatch(/^[\x20-\x7e]*$/)
  })

  it('is said for a thousand devices at most', () => {
    const crowd = Array.from({ length: 1500 }, (_, number) => ({ ...unknown, address: `device ${number}` }))
    expect(saidOf(...crowd)).toHaveLength(1000)
  })

  it('is nobody without a name', () => {
    const [line] = saidOf({ manufacturerData: '88ec00' })
    expect(line).toMatch(/^info: a nameless device at a4:c1:38:11:22:33 looks like a Govee device/)
  })
})
