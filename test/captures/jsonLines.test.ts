import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lines, parseCaptureLine } from '../../src/captures/jsonLines.js'

const linesOf = async (chunks: Iterable<Uint8Array | string>) => {
  const all: string[] = []
  for await (const batch of lines(Readable.from(chunks))) all.push(...batch)
  return all
}

describe('lines', () => {
  test('come out the same wherever the chunks are cut', async () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\n\ufeff]/g, ''))
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1 }),
        fc.integer({ min: 1, max: 9 }),
        async (all, size) => {
          const whole = Buffer.from(all.join('\n'))
          const chunks = Array.from({ length: Math.ceil(whole.length / size) }, (_, index) =>
            whole.subarray(index * size, (index + 1) * size),
          )
          const expected = all.at(-1) === '' ? all.slice(0, -1) : all
          expect(await linesOf(chunks)).toEqual(expected)
        },
      ),
    )
  })

  test('include a last one without line end, and leave out a byte order mark', async () => {
    expect(await linesOf([Buffer.from('\ufeffone\ntwo')])).toEqual(['one', 'two'])
  })

  test('replace what is no UTF-8', async () => {
    expect(await linesOf([Buffer.from([0x41, 0xff, 0x0a, 0xc3])])).toEqual(['A\ufffd', '\ufffd'])
  })

  test('are cut rather than collected without end', async () => {
    const chunk = Buffer.alloc(64 * 1024, 'x')
    const [long = '', next] = await linesOf([
      ...Array.from({ length: 50 }, () => chunk),
      Buffer.from('\nnext'),
    ])
    expect(long.length).toBeGreaterThan(64 * 1024)
    expect(long.length).toBeLessThanOrEqual(128 * 1024)
    expect(next).toBe('next')
  })
})

const bytes = (hex: string) => Buffer.from(hex, 'hex')

const address = 'a4:c1:38:11:22:33'

const parse = (fields: object) => parseCaptureLine(JSON.stringify({ address, ...fields }))

describe('a capture line', () => {
  test('gives what its raw bytes hold, spaces ignored', () => {
    const data = '0201060d09475648353037355f3232333303 0388ec09ff88ec0003519e6400'
    const raw = { at: 1765000000123, addressType: 'public', rssi: -61, event: 'adv_ind' }
    expect(parse({ ...raw, data })).toEqual({
      address,
      ...raw,
      localName: 'GVH5075_2233',
      serviceUuids: ['ec88'],
      manufacturerData: [bytes('88ec0003519e6400')],
      serviceData: [],
      data: bytes(data.replace(' ', '')),
    })
  })

  test.each([
    ['2025-12-06T05:46:40.123Z', 1765000000123],
    ['2025-12-06T06:46:40.123456+01:00', 1765000000123],
    ['2025-12-06T05:46:40+00:00', 1765000000000],
  ])('has a time in milliseconds, or as ISO has it: %s', (at, expected) => {
    expect(parse({ at }).at).toBe(expected)
  })

  test('gives its parsed fields', () => {
    const line =
      '{"address":"a4:c1:38:11:22:33","rssi":-61,"localName":"GVH5075_2233","serviceUuids":["ec88"],"manufacturerData":"88ec0003519e6400"}'
    expect(parseCaptureLine(line)).toEqual({
      address,
      rssi: -61,
      localName: 'GVH5075_2233',
      serviceUuids: ['ec88'],
      manufacturerData: [bytes('88ec0003519e6400')],
      serviceData: [],
    })
  })

  test('needs no more than an address', () => {
    expect(parse({})).toEqual({ address, serviceUuids: [], manufacturerData: [], serviceData: [] })
  })

  test('takes from its fields what its raw bytes do not hold', () => {
    const both = {
      data: '03038 8ec',
      localName: 'GVH5075_2233',
      serviceUuids: ['180a'],
      manufacturerData: '4c00',
    }
    expect(parse(both)).toMatchObject({
      localName: 'GVH5075_2233',
      serviceUuids: ['ec88'],
      manufacturerData: [bytes('4c00')],
    })
  })

  test('may have several manufacturer records, and service data', () => {
    expect(
      parse({ manufacturerData: ['88EC00', '4c 00'], serviceData: [{ uuid: 'FCD2', data: '40' }] }),
    ).toMatchObject({
      manufacturerData: [bytes('88ec00'), bytes('4c00')],
      serviceData: [{ uuid: 'fcd2', data: bytes('40') }],
    })
  })

  test('may spell UUIDs in any case, with dashes and in full', () => {
    const serviceUuids = [
      'EC88',
      '0000ec88-0000-1000-8000-00805F9B34FB',
      '0000ec88',
      '494e5445-4c4c-495f-524f-434b535f4857',
    ]
    expect(parse({ serviceUuids }).serviceUuids).toEqual([
      'ec88',
      'ec88',
      'ec88',
      '494e54454c4c495f524f434b535f4857',
    ])
  })

  test.each(['A4:C1:38:11:22:33', 'a4c138112233', '61DE521B-F0BF-9F44-64D4-75BBE1738105'])(
    'keeps the address %s as the radio wrote it',
    (written) => {
      expect(parse({ address: written }).address).toBe(written)
    },
  )

  test.each([
    ['an RSSI of 127, which means not measured', { rssi: 127 }],
    ['an event nobody knows', { event: 'aux_adv_ind' }],
    ['an address type nobody knows', { addressType: 'unknown' }],
    ['fields nobody knows', { colour: 'red' }],
    [
      'fields that are null',
      { rssi: null, at: null, localName: null, data: null, serviceUuids: null, manufacturerData: null },
    ],
  ])('is read without %s', (_, fields) => {
    expect(parse(fields)).toEqual({ address, serviceUuids: [], manufacturerData: [], serviceData: [] })
  })

  test.each([
    ['', /JSON object, got ""/],
    ['nonsense', /JSON object, got "nonsense"/],
    ['null', /JSON object, got "null"/],
    ['[1]', /JSON object, got "\[1\]"/],
    ['{}', /address: expected an address such as "a4:c1.*, got nothing/],
    ['{"address":7}', /address: expected an address .* got "7"/],
    ['{"address":"../../etc"}', /address: expected an address/],
    [JSON.stringify({ address, rssi: 'x' }), /rssi: expected a whole number of dBm, -127 to 127, got ""x""/],
    [JSON.stringify({ address, rssi: -61.5 }), /rssi: expected a whole number of dBm.* got "-61.5"/],
    [JSON.stringify({ address, rssi: -200 }), /rssi: expected .*-127 to 127, got "-200"/],
    [`{"address":"${address}","at":1e999}`, /at: expected milliseconds since 1970/],
    [
      JSON.stringify({ address, at: 'yesterday' }),
      /at: expected .* or an ISO time such as .*, got ""yesterday""/,
    ],
    [JSON.stringify({ address, at: '2025-13-41T05:46:40Z' }), /at: expected milliseconds since 1970/],
    [JSON.stringify({ address, localName: 5 }), /localName: expected text, got "5"/],
    [JSON.stringify({ address, data: 'abc' }), /data: expected hex digits, two for each byte, got ""abc""/],
    [JSON.stringify({ address, manufacturerData: ['zz'] }), /manufacturerData.*: expected .*hex/],
    [
      JSON.stringify({ address, serviceUuids: ['ec8'] }),
      /serviceUuids.0: expected a UUID of 4, 8 or 32 hex digits/,
    ],
    [JSON.stringify({ address, serviceData: [{ uuid: 'ec88' }] }), /serviceData.0.data: expected hex digits/],
  ])(
    'that is no advertisement, such as %s, is refused with what was expected and what was got',
    (line, message) => {
      expect(() => parseCaptureLine(line)).toThrow(message)
    },
  )

  test('that is endless is refused', () => {
    expect(() => parseCaptureLine('9'.repeat(64 * 1024 + 1))).toThrow('expected at most 65536 characters')
  })

  test('of any content gives an advertisement or a short, printable error', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.record({ address: fc.constant(address), rssi: fc.anything(), data: fc.anything() }).map((value) => {
        try {
          return JSON.stringify(value)
        } catch {
          return ''
        }
      }),
    )
    fc.assert(
      fc.property(anything, (line) => {
        try {
          expect(parseCaptureLine(line).address).toMatch(/^[0-9a-f:-]+$/i)
        } catch (error) {
          const { message } = error as Error
          expect(message.length).toBeLessThan(1000)
          expect(message).not.toMatch(/\p{Cc}/u)
        }
      }),
      { numRuns: 500 },
    )
  })
})
