import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deviceLevel, devicesBelow, type Part, placeOf, topicLevel } from '../../src/ble/devices.js'
import { advertisementOf } from './advertisementOf.js'

const address = 'a4:c1:38:11:22:aa'

const model = 'H5075'

it.each([
  ['its local name', 'GVH5075_22AA', [], 'GVH5075_22AA'],
  ['its model and the end of its address when it is nameless', undefined, [], 'H5075_22AA'],
  ['the same when its name has nothing but spaces', ' \t', [], 'H5075_22AA'],
  ['the end of its address behind a name that is taken', 'attic', ['attic'], 'attic_22AA'],
  ['its whole address when that is taken too', 'attic', ['attic', 'attic_22AA'], 'attic_A4C1381122AA'],
])('of a device is %s', (_, localName, taken, level) => {
  expect(deviceLevel({ address, localName, model }, new Set(taken))).toBe(level)
})

it('is free even if somebody took all of them on purpose', () => {
  const taken = new Set(['attic', 'attic_22AA', 'attic_A4C1381122AA'])
  expect(deviceLevel({ address, localName: 'attic', model }, taken)).toBe('attic_A4C1381122AA_2')
})

it('cuts a long name so that the digits of the address still fit into 64 bytes', () => {
  const localName = 'x'.repeat(64)
  expect(deviceLevel({ address, localName, model }, new Set([localName]))).toBe(`${'x'.repeat(59)}_22AA`)
})

it('is unique, safe, not empty and at most 64 bytes long, whatever the names and addresses', () => {
  const anything = fc.string({ unit: 'binary', maxLength: 80 })
  const names = fc.oneof(anything, fc.constantFrom(undefined, 'attic', 'attic_22AA', 'x'.repeat(64)))
  const addresses = fc.oneof(anything, fc.constantFrom(address, 'a4:c1:39:11:22:aa', ''))
  const devices = fc.array(fc.record({ address: addresses, localName: names, model: fc.constant(model) }))
  fc.assert(
    fc.property(devices, (devices) => {
      const taken = new Set<string>()
      for (const device of devices) {
        const level = deviceLevel(device, taken)
        expect(level).toMatch(/^[^/+#$\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]+$/u)
        expect(Buffer.byteLength(level)).toBeLessThanOrEqual(64)
        taken.add(level)
      }
      expect(taken.size).toBe(devices.length)
    }),
    { numRuns: 200 },
  )
})

const levels = (chosen?: Record<string, string>) => {
  const deviceOf = devicesBelow('govee', chosen)
  return (address: string, localName?: string) => {
    const packet = advertisementOf({ address, ...(localName !== undefined && { localName }) })
    return deviceOf(packet, 'H5075')?.prefix
  }
}

describe('without chosen devices', () => {
  it('gives every device a level of its own below the destination', () => {
    const topicOf = levels()
    expect(topicOf('a4:c1:38:11:22:33', 'attic')).toBe('govee/attic')
    expect(topicOf('a4:c1:38:44:55:66', 'attic')).toBe('govee/attic_5566')
    expect(topicOf('a4:c1:38:44:55:77')).toBe('govee/H5075_5577')
  })

  it('knows a device by its address in any case', () => {
    const topicOf = levels()
    expect(topicOf('a4:c1:38:11:22:aa', 'attic')).toBe('govee/attic')
    expect(topicOf('A4:C1:38:11:22:AA', 'attic')).toBe('govee/attic')
  })

  it('leaves a device where it is when a packet does not repeat its name', () => {
    const topicOf = levels()
    topicOf('a4:c1:38:11:22:33', 'attic')
    expect(topicOf('a4:c1:38:11:22:33')).toBe('govee/attic')
  })

  it('moves a device when it says another name, and gives its level to the next who asks', () => {
    const topicOf = levels()
    topicOf('a4:c1:38:11:22:33', 'attic')
    expect(topicOf('a4:c1:38:11:22:33', 'cellar')).toBe('govee/cellar')
    expect(topicOf('a4:c1:38:44:55:66', 'attic')).toBe('govee/attic')
  })

  it('keeps the suffix of a later device although the level without it is free again', () => {
    const topicOf = levels()
    topicOf('a4:c1:38:11:22:33', 'attic')
    topicOf('a4:c1:38:44:55:66', 'attic')
    topicOf('a4:c1:38:11:22:33', 'cellar')
    expect(topicOf('a4:c1:38:44:55:66', 'attic')).toBe('govee/attic_5566')
  })

  it('takes the level of the device known for longest back when there are more than 10 000', () => {
    const topicOf = levels()
    topicOf('first', 'attic')
    topicOf('second', 'cellar')
    for (let number = 0; number < 9_999; number++) topicOf(`device ${number}`, `name ${number}`)
    expect(topicOf('another', 'attic')).toBe('govee/attic')
    expect(topicOf('second', 'cellar')).toBe('govee/cellar')
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
          expect(current.get(address)).toMatch(/^govee\/[^/+#]+$/u)
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
    expect(topicOf('A4:C1:38:11:22:AA', 'GVH5075_22AA')).toBe('house/attic')
    expect(topicOf('a4:c1:38:44:55:66', 'GVH5075_5566')).toBeUndefined()
  })
})

it.each([
  ['GVH5075_2233', 'GVH5075_2233'],
  ['Küche 2', 'Küche 2'],
  ['  attic\n', 'attic'],
  ['../../status', '.._.._status'],
  ['+/#$SYS', '____SYS'],
  ['a\u0000b\u001b[31m', 'a_b_[31m'],
  ['a\u0085b\u202Ec\u200Bd\u2028e', 'a_b_c_d_e'],
  ['a\uD800b\uFFFFc\uFDD0d\u{1FFFE}', 'a_b_c_d_'],
  ['   ', ''],
  ['', ''],
])('makes %j the level %j', (name, level) => {
  expect(topicLevel(name)).toBe(level)
})

describe('a long name', () => {
  it('is cut at 64 bytes', () => {
    expect(topicLevel('x'.repeat(100))).toBe('x'.repeat(64))
  })

  it('is cut between characters', () => {
    expect(topicLevel(`x${'🌡'.repeat(20)}`)).toBe(`x${'🌡'.repeat(15)}`)
  })

  it('does not end in the space it was cut at', () => {
    expect(topicLevel(`${'x'.repeat(63)} y`)).toBe('x'.repeat(63))
  })
})

it('makes one safe level of at most 64 bytes of any name, and leaves it alone when it sees it again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
      const level = topicLevel(name)
      expect(level).not.toMatch(/[/+#$\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u)
      expect(Buffer.byteLength(level)).toBeLessThanOrEqual(64)
      expect(topicLevel(level)).toBe(level)
    }),
    { numRuns: 1000 },
  )
})

const newPart = (prefix: string): Part => ({ prefix, entries: [], about: [] })

const device = { topic: 'attic', identity: 'a4c138112233', name: 'attic' }

/** The destination of a key and, where it has the same in another unit, the one behind it. */
const destinationsOf = (part: Part, key: string, expected = 0) => {
  const place = placeOf(part, key, expected, device)
  const about = part.about.slice(place, place + (part.entries[place]?.quantity?.also ? 2 : 1))
  return about.map((description) => description?.topic)
}

describe('the topics of a part', () => {
  it('are those of the table, below its prefix', () => {
    const attic = newPart('house/attic')
    expect(destinationsOf(attic, 'temperature_c')).toEqual(['house/attic/temp_c', 'house/attic/temp_f'])
    expect(destinationsOf(attic, 'humidity')).toEqual(['house/attic/humi'])
    expect(destinationsOf(attic, 'window_open')).toEqual(['house/attic/door'])
  })

  it('are the same ones whatever was expected, and are made once', () => {
    const attic = newPart('attic')
    const keys = ['model', 'temperature_c', 'humidity', 'battery']
    for (const key of keys) placeOf(attic, key, 0, device)
    const { entries, about } = attic
    for (const key of keys) {
      const places = [-1, 0, 1, 2, 3, 4, 99].map((expected) => placeOf(attic, key, expected, device))
      expect(new Set(places).size).toBe(1)
    }
    expect(attic.entries).toBe(entries)
    expect(attic.about).toBe(about)
  })

  it('are none for what is no quantity', () => {
    const attic = newPart('attic')
    const place = placeOf(attic, 'decimals', 0, device)
    expect(attic.entries[place]).toEqual({ key: 'decimals' })
    expect(attic.about[place]).toBeUndefined()
  })

  it('share their list with all parts that are alike', () => {
    const [attic, cellar, hall] = [newPart('attic'), newPart('cellar'), newPart('hall')]
    for (const part of [attic, cellar]) for (const key of ['co2', 'battery']) placeOf(part, key, 0, device)
    for (const key of ['battery', 'co2']) placeOf(hall, key, 0, device)
    expect(cellar.entries).toBe(attic.entries)
    expect(cellar.about.map((description) => description?.topic)).toEqual(['cellar/co2', 'cellar/battery'])
    expect(hall.about.map((description) => description?.topic)).toEqual(['hall/battery', 'hall/co2'])
  })
})
