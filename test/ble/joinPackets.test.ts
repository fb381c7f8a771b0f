import { of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { formats, readerOf } from '../../src/ble/formats/formats.js'
import { joinPackets, packetJoiner } from '../../src/ble/joinPackets.js'
import type { Advertisement } from '../../src/radio/advertisement.js'
import { advertisement } from '../../src/testing/advertisement.js'
import { marbles } from '../../src/testing/marbles.js'
import { advertisementOf } from './advertisementOf.js'
import { allOf } from './allOf.js'

const reading = '01000101033aed64'
const name = advertisementOf({ localName: 'GVH5105_7336', serviceUuids: ['ec88'], rssi: -40 })
const value = advertisementOf({ manufacturerData: reading, rssi: -60 })
const joined = { ...value, localName: 'GVH5105_7336', serviceUuids: ['ec88'] }

const join = (...advertisements: Advertisement[]) => allOf(of(...advertisements).pipe(joinPackets()))

it('lends a reading the name and the UUIDs of an earlier packet, but not its RSSI', async () => {
  expect(await join(name, value)).toEqual([name, joined])
})

it('knows a device by its address in any case', async () => {
  const loud = { ...value, address: value.address.toUpperCase() }
  expect((await join(name, loud))[1]).toEqual({ ...joined, address: loud.address })
})

it('does not repeat a reading that came before the name', async () => {
  expect(await join(value, name)).toEqual([value, name])
})

it('keeps the devices apart', async () => {
  const other = { ...value, address: 'c3:36:35:30:61:77' }
  expect((await join(name, other))[1]).toBe(other)
})

it('passes a packet on as it is when it is complete', async () => {
  const complete = { ...name, rssi: -50 }
  expect((await join(name, complete))[1]).toBe(complete)
})

describe('a later name', () => {
  const packets = (names: (string | undefined)[]) =>
    names.map((localName) => advertisementOf({ ...(localName !== undefined && { localName }) }))

  it.each([
    ['replaces another one', ['attic', 'cellar', undefined], ['attic', 'cellar', 'cellar']],
    [
      'replaces a beginning of it',
      ['GVH51', 'GVH5105_7336', undefined],
      ['GVH51', 'GVH5105_7336', 'GVH5105_7336'],
    ],
    [
      'that is only a beginning does not replace it',
      ['GVH5105_7336', 'GVH51'],
      ['GVH5105_7336', 'GVH5105_7336'],
    ],
    ['that is empty does not replace it', ['attic', ''], ['attic', 'attic']],
  ])('%s', async (_, said, known) => {
    expect(await join(...packets(said))).toEqual(packets(known))
  })
})

it('forgets a device unheard for ten minutes, not one that is heard now and then', () =>
  marbles(({ hot, expectObservable }) => {
    const advertisements$ = hot('n 9m v 9m v 10m v', { n: name, v: value })
    const expected = '            n 9m j 9m j 10m v'
    expectObservable(advertisements$.pipe(joinPackets())).toBe(expected, { n: name, j: joined, v: value })
  }))

it('goes by the times that the packets were heard at, if they say them: a capture is played faster', async () => {
  const at = (minutes: number) => ({ at: minutes * 60_000 })
  const packets = [
    { ...name, ...at(0) },
    { ...value, ...at(9) },
    { ...value, ...at(20) },
  ]
  expect(await join(...packets)).toEqual([packets[0], { ...joined, ...at(9) }, packets[2]])
})

it('forgets the device unheard for longest when more than 10 000 have names', async () => {
  const crowd = Array.from({ length: 10_000 }, (_, number) => ({ ...name, address: `phone ${number}` }))
  expect((await join(name, ...crowd, value)).at(-1)).toBe(value)
  expect((await join(name, ...crowd.slice(1), value)).at(-1)).toEqual(joined)
})

it('does not remember passers-by that have nothing to lend', async () => {
  const crowd = Array.from({ length: 20_000 }, (_, number) => ({ ...value, address: `phone ${number}` }))
  expect((await join(name, ...crowd, value)).at(-1)).toEqual(joined)
})

it('starts afresh for every subscriber', async () => {
  const operator = joinPackets()
  expect(await allOf(of(name).pipe(operator))).toEqual([name])
  expect(await allOf(of(value).pipe(operator))).toEqual([value])
})

describe('service data that say the model of a device', () => {
  const { serviceData, ...record } = advertisement({ brand: 'SwitchBot', temperature: 25.5, humidity: 50 })
  const ofRecord = { ...record, serviceData: [] }
  const ofModel = { ...record, serviceData, manufacturerData: [] }

  /** What is read of packets one after another. */
  const read = (...packets: Advertisement[]) => {
    const { decode } = readerOf(formats)
    return packets.map(packetJoiner(formats)).map((packet) => decode(packet))
  }

  it('are lent to the record that cannot be read without them, whatever the case of the address', () => {
    const loud = { ...ofRecord, address: record.address.toUpperCase() }
    const reading = { brand: 'SwitchBot', model: 'Meter', temperature_c: 25.5, humidity: 50, packet: 1 }
    const battery = { brand: 'SwitchBot', model: 'Meter', battery: 100 }
    expect(read(ofRecord, ofModel, ofRecord, loud)).toEqual([undefined, battery, reading, reading])
  })

  it('are not lent to another device, nor to a record of another company', () => {
    const other = { ...ofRecord, address: 'c3:36:35:30:61:77' }
    const foreign = { ...ofRecord, manufacturerData: [Buffer.from('4c0010050b182068dd', 'hex')] }
    const join = packetJoiner(formats)
    join(ofModel)
    expect(join(other)).toBe(other)
    expect(join(foreign)).toBe(foreign)
  })

  it.each([
    ['an old meter', '54006405990a', { temperature_c: 25.5, humidity: 10, battery: 100 }],
    ['a weather station', '000050069a23001053b0', { temperature_c: 26.6, humidity: 35, battery: 80 }],
    ['a contact', '6440c1050000000000', { window_open: true, motion: true, light: true, battery: 65 }],
  ])('carry no reading of %s over to its next packet', (_, hex, reading) => {
    const whole = { ...ofModel, serviceData: [{ uuid: 'fd3d', data: Buffer.from(hex, 'hex') }] }
    const short = { ...ofRecord, manufacturerData: [Buffer.from('6909a4c138112233', 'hex')] }
    const [first, second] = read(whole, short)
    expect(first).toMatchObject(reading)
    expect(second).toEqual({ brand: 'SwitchBot', model: first?.model, ignored: true })
  })
})
