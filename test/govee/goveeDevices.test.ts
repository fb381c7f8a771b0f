import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { goveeDevices } from '../../src/govee/goveeDevices.js'
import { advertisementOf } from './advertisementOf.js'

const levels = (chosen?: Record<string, string>) => {
  const deviceOf = goveeDevices('govee', chosen)
  return (address: string, localName?: string) =>
    deviceOf(advertisementOf({ address, ...(localName !== undefined && { localName }) }), 'H5075')?.topics
      .temp_c
}

describe('without chosen devices', () => {
  it('gives every device a level of its own below the destination', () => {
    const topicOf = levels()
    expect(topicOf('a4:c1:38:11:22:33', 'attic')).toBe('govee/attic/temp_c')
    expect(topicOf('a4:c1:38:44:55:66', 'attic')).toBe('govee/attic_5566/temp_c')
    expect(topicOf('a4:c1:38:44:55:77')).toBe('govee/H5075_5577/temp_c')
  })

  it('knows a device by its address in any case', () => {
    const topicOf = levels()
    expect(topicOf('a4:c1:38:11:22:aa', 'attic')).toBe('govee/attic/temp_c')
    expect(topicOf('A4:C1:38:11:22:AA', 'attic')).toBe('govee/attic/temp_c')
  })

  it('leaves a device where it is when a packet does not repeat its name', () => {
    const topicOf = levels()
    topicOf('a4:c1:38:11:22:33', 'attic')
    expect(topicOf('a4:c1:38:11:22:33')).toBe('govee/attic/temp_c')
  })

  it('moves a device when it says another name, and gives its level to the next who asks', () => {
    const topicOf = levels()
    topicOf('a4:c1:38:11:22:33', 'attic')
    expect(topicOf('a4:c1:38:11:22:33', 'cellar')).toBe('govee/cellar/temp_c')
    expect(topicOf('a4:c1:38:44:55:66', 'attic')).toBe('govee/attic/temp_c')
  })

  it('keeps the suffix of a later device although the level without it is free again', () => {
    const topicOf = levels()
    topicOf('a4:c1:38:11:22:33', 'attic')
    topicOf('a4:c1:38:44:55:66', 'attic')
    topicOf('a4:c1:38:11:22:33', 'cellar')
    expect(topicOf('a4:c1:38:44:55:66', 'attic')).toBe('govee/attic_5566/temp_c')
  })

  it('takes the level of the device known for longest back when there are more than 10 000', () => {
    const topicOf = levels()
    topicOf('first', 'attic')
    topicOf('second', 'cellar')
    for (let number = 0; number < 9_999; number++) topicOf(`device ${number}`, `name ${number}`)
    expect(topicOf('another', 'attic')).toBe('govee/attic/temp_c')
    expect(topicOf('second', 'cellar')).toBe('govee/cellar/temp_c')
  })

  it('never lets two devices share a topic, nor one leave its destination', () => {
    const addresses = fc.constantFrom('a4:c1:38:11:22:33', 'a4:c1:39:11:22:33', 'a4:c1:38:44:55:66', 'x', '')
    const names = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('attic', 'attic_2233', '../x', undefined),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(addresses, names), { maxLength: 40 }), (packets) => {
        const topicOf = levels()
        const current = new Map<string, string | undefined>()
        for (const [address, name] of packets) {
          current.set(address, topicOf(address, name))
          expect(current.get(address)).toMatch(/^govee\/[^/+#]+\/temp_c$/u)
          expect(new Set(current.values()).size).toBe(current.size)
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('with chosen devices', () => {
  it('knows only these, each below its destination, however their addresses are written', () => {
    const topicOf = levels({ 'a4-c1-38-11-22-aa': 'house/attic' })
    expect(topicOf('A4:C1:38:11:22:AA', 'GVH5075_22AA')).toBe('house/attic/temp_c')
    expect(topicOf('a4:c1:38:44:55:66', 'GVH5075_5566')).toBeUndefined()
  })
})
