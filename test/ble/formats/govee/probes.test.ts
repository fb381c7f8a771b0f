import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeGovee } from '../../../../src/ble/formats/govee/families.js'
import { advertisementOf } from '../../advertisementOf.js'

/** Writes numbers, 1 or 2 bytes each: `[0xe4, 1]` is one byte, `2100` two. */
function bytes(format: 'big' | 'little', ...values: (number | readonly [number])[]): string {
  return values
    .map((value) => {
      if (typeof value === 'object') return Buffer.from(value).toString('hex')
      const word = Buffer.alloc(2)
      if (format === 'big') word.writeUInt16BE(value & 0xffff)
      else word.writeUInt16LE(value & 0xffff)
      return word.toString('hex')
    })
    .join('')
}

const none = 0xffff
const start = '30554401000101'
const decode = (uuid: string, manufacturerData: string) =>
  decodeGovee(advertisementOf({ serviceUuids: [uuid], manufacturerData }))

describe.each([
  ['H5181', '8151'],
  ['H5183', '8351'],
])('the %s', (model, uuid) => {
  const decodeOne = (plugged: number, temperature: number, high: number, power = 0xe4) =>
    decode(uuid, start + bytes('big', [power], [0], [plugged], temperature, high, 0))

  it('gives back every temperature and alarm exactly, and keeps bit 7 out of the battery', () => {
    const temperatures = fc.integer({ min: -4000, max: 32_767 }).filter((hundredths) => hundredths !== -1)
    fc.assert(
      fc.property(temperatures, temperatures, (temperature, high) => {
        const probes = { 1: { temperature_c: temperature / 100, alarm_high_c: high / 100 } }
        expect(decodeOne(0x86, temperature, high)).toEqual({ model, decimals: 2, battery: 100, probes })
      }),
    )
  })

  it('has no temperature while its probe is not plugged in, but keeps the alarm', () => {
    const unplugged = { model, decimals: 2, battery: 100, probes: { 1: { alarm_high_c: 74 } } }
    expect(decodeOne(0x06, none, 7400)).toEqual(unplugged)
    expect(decodeOne(0x06, 2100, 7400)).toEqual(unplugged)
    expect(decodeOne(0x86, none, 7400)).toEqual(unplugged)
  })

  it('has neither alarm nor charge when it says none or nonsense', () => {
    const measurement = { model, decimals: 2, probes: { 1: { temperature_c: 21 } } }
    expect(decodeOne(0x80, 2100, none, 0x7f)).toEqual(measurement)
  })
})

describe.each([
  ['H5182', '8251', 1, { 1: 21, 2: -5.25 }],
  ['H5182', '8251', 7, { 1: 21, 2: -5.25 }],
  ['H5184', '8451', 1, { 1: 21, 2: -5.25 }],
  ['H5184', '8451', 2, { 3: 21, 4: -5.25 }],
])('the %s (service %s, pair %i)', (model, uuid, pair, expected) => {
  const decodePair = (first: number, second: number) =>
    decode(uuid, start + bytes('big', [0x64], [pair], [first], 2100, none, [second], -525, 9300))
  const [low = '', high = ''] = Object.keys(expected)

  it('reads both probes', () => {
    expect(decodePair(0x86, 0x86)).toEqual({
      model,
      decimals: 2,
      battery: 100,
      probes: { [low]: { temperature_c: 21 }, [high]: { temperature_c: -5.25, alarm_high_c: 93 } },
    })
  })

  it('has no temperature for a probe that is not plugged in', () => {
    expect(decodePair(0x06, 0x86)?.probes?.[low]).toEqual({})
    expect(decodePair(0x86, 0x06)?.probes?.[high]).toEqual({ alarm_high_c: 93 })
  })
})

describe('the H5184 that marks a plugged probe with bit 6', () => {
  const probes = (first: number, temperature: number) =>
    decode('8451', start + bytes('big', [0xe4], [1], [first], temperature, none, [0x46], 2400, none))?.probes

  it('has its temperature', () => {
    expect(probes(0x46, 2600)).toEqual({ 1: { temperature_c: 26 }, 2: { temperature_c: 24 } })
  })

  it('has none where the value says so, or where neither bit is set', () => {
    expect(probes(0x46, none)).toEqual({ 1: {}, 2: { temperature_c: 24 } })
    expect(probes(0x06, 2600)).toEqual({ 1: {}, 2: { temperature_c: 24 } })
  })
})

it.each([0, 3, 0x81])('the H5184 has no pair %i', (pair) => {
  const record = start + bytes('big', [0x64], [pair], [0x86], 2100, none, [0x86], 2200, none)
  expect(decode('8451', record)).toBeUndefined()
})

describe.each([
  ['H5185', '8551', 0xc1, ['1', '2']],
  ['H5198', '9851', 0xc1, ['1', '2']],
  ['H5198', '9851', 0xc2, ['3', '4']],
])('the %s (service %s, state %i)', (model, uuid, state, [low = '', high = '']) => {
  const decodePair = (plugged: number) =>
    decode(
      uuid,
      start + bytes('big', [0xa4], [(state & 0x3f) | plugged], [0], 24800, 25000, -100, -1800, none, none),
    )

  it('reads both probes and their alarms', () => {
    expect(decodePair(0xc0)).toEqual({
      model,
      decimals: 2,
      battery: 36,
      probes: {
        [low]: { temperature_c: 248, alarm_high_c: 250, alarm_low_c: -1 },
        [high]: { temperature_c: -18 },
      },
    })
  })

  it('has no temperature for a probe that is not plugged in', () => {
    expect(decodePair(0x40)?.probes?.[high]).toEqual({})
    expect(decodePair(0x80)?.probes?.[low]).toEqual({ alarm_high_c: 250, alarm_low_c: -1 })
  })
})

it.each([0xc0, 0xc3])('the H5198 has no pair in the state %i', (state) => {
  const record = start + bytes('big', [0x64], [state], [0], 2100, none, none, 2200, none, none)
  expect(decode('9851', record)).toBeUndefined()
})

describe('the H5191', () => {
  const decodeMeat = (probe: number, ambient: number) =>
    decode('9151', start + bytes('big', [0x4c], [0x5d], [4], probe, 4900, none, ambient, none, none))

  it('reads its probe, and the temperature around it', () => {
    const known = { model: 'H5191', decimals: 2, battery: 76 }
    const probes = { 1: { temperature_c: 40, alarm_high_c: 49 } }
    expect(decodeMeat(4000, -525)).toEqual({ ...known, temperature_c: -5.25, probes })
    expect(decodeMeat(4000, none)).toEqual({ ...known, probes })
    expect(decodeMeat(none, 2800)).toEqual({
      ...known,
      temperature_c: 28,
      probes: { 1: { alarm_high_c: 49 } },
    })
  })
})

describe('the older H5055', () => {
  const decodePair = (state: number, first = [26, 20, 177], second = [-5, none, none]) =>
    decodeGovee(
      advertisementOf({
        localName: 'GVH5055',
        serviceUuids: ['5550'],
        manufacturerData:
          '858ba400' + bytes('little', [0x64], [state], [0], ...first, [0x20], ...second, [0], [0]),
      }),
    )
  const known = { model: 'H5055', decimals: 0, battery: 100 }
  const hot = { temperature_c: 26, alarm_low_c: 20, alarm_high_c: 177 }
  const cold = { temperature_c: -5 }

  it.each([
    [0b00_000011, { 1: hot, 2: cold }],
    [0b01_001100, { 3: hot, 4: cold }],
    [0b10_110000, { 5: hot, 6: cold }],
    [0b00_000010, { 2: cold }],
    [0b01_000111, { 3: hot }],
    [0b10_011111, { 5: hot }],
    [0b10_001111, {}],
  ])('reads those of a pair that are plugged in (state %i)', (state, probes) => {
    expect(decodePair(state)).toEqual({ ...known, probes })
  })

  it('has no fourth pair', () => {
    expect(decodePair(0b11_111111)).toBeUndefined()
  })

  it('has no temperature where it says none', () => {
    expect(decodePair(0b00_000001, [none, none, 60])?.probes).toEqual({ 1: { alarm_high_c: 60 } })
  })
})

describe('the newer H5055', () => {
  const decodePair = (second: string, state: number) =>
    decode('5550', `0a5c77${second}` + bytes('big', [0xe4], [state], [0], 2400, none, none, -525, none, none))

  it('reads those of a pair that are plugged in', () => {
    const known = { model: 'H5055', decimals: 2, battery: 100 }
    const [warm, cold] = [{ temperature_c: 24 }, { temperature_c: -5.25 }]
    expect(decodePair('41000101', 0b00_000011)).toEqual({ ...known, probes: { 1: warm, 2: cold } })
    expect(decodePair('41000101', 0b01_000100)).toEqual({ ...known, probes: { 3: warm } })
  })

  it('is recognised by the bytes that it begins with', () => {
    expect(decodePair('41000102', 3)).toBeUndefined()
    expect(decodePair('41010101', 3)).toBeUndefined()
  })
})
