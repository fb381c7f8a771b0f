import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { btsnoopFile, captureFiles, pcapFile, pcapngBlocks, type Packet } from './captureFiles.js'
import { readAll } from './readAll.js'

const start = 1_765_000_000_123
const reading = '0201060d09475648353037355f32323333030388ec09ff88ec0003519e6400'
const response = '1aff4c000215494e54454c4c495f524f434b535f48575075f2ffc2'
const legacy = (type: string, data: string, rssi: string) =>
  `${type} 00 332211 38c1a4 ${(data.length / 2).toString(16).padStart(2, '0')} ${data} ${rssi}`
const event = (parameters: string) => {
  const length = parameters.replaceAll(' ', '').length / 2
  return `04 3e ${length.toString(16).padStart(2, '0')} ${parameters}`
}
const advertisement = event(`02 01 ${legacy('00', reading, 'c3')}`)
const extended = event(`0d 01 1300 01 eeffc0 0000d0 01 00 ff 7f b0 0000 00 000000000000 1f ${reading}`)

/** Commands, data and other events stand between the advertisements, as in life. */
const packets: readonly Packet[] = [
  { at: start, h4: '01 0c20 02 01 00' },
  { at: start, h4: advertisement },
  { at: start + 1, h4: '04 0e 04 01 0c20 00' },
  { at: start + 2, h4: '02 40 20 07 00 03 00 04 00 1b 0e 00' },
  { at: start + 1877, h4: event(`02 02 ${legacy('00', reading, 'c4')} ${legacy('04', response, '7f')}`) },
  { at: start + 2000, h4: extended },
]
const heard = { address: 'a4:c1:38:11:22:33', addressType: 'public', localName: 'GVH5075_2233' }
const expected = [
  { ...heard, at: start, event: 'adv_ind', rssi: -61 },
  { ...heard, at: start + 1877, event: 'adv_ind', rssi: -60 },
  { address: 'a4:c1:38:11:22:33', at: start + 1877, event: 'scan_rsp', data: Buffer.from(response, 'hex') },
  { ...heard, at: start + 2000, address: 'd0:00:00:c0:ff:ee', addressType: 'random', rssi: -80 },
]

describe.each(Object.entries(captureFiles))('a capture: %s', (_, file) => {
  const whole = file(packets)

  it('holds the advertisements, legacy and extended, and nothing else counts', async () => {
    const { advertisements, lines } = await readAll(whole)
    expect(advertisements).toMatchObject(expected)
    expect(advertisements[2]).not.toHaveProperty('rssi')
    expect(lines).toEqual([])
  })

  it('is read the same wherever its chunks are cut', async () => {
    for (const size of [1, 2, 3, 5, 17, 100]) {
      expect((await readAll(whole, size)).advertisements).toMatchObject(expected)
    }
  })

  it('may be cut off anywhere: what is in it is read, and one line says where it ends', async () => {
    // Each of these is where a capture with fewer packets would end.
    const ends = new Map(packets.map((__, count) => [file(packets.slice(0, count)).length, count]))
    let complete = -1
    for (let length = 4; length < whole.length; length++) {
      complete = ends.get(length) ?? complete
      const { advertisements, lines } = await readAll(whole.subarray(0, length))
      const { advertisements: all } = await readAll(file(packets.slice(0, Math.max(0, complete))))
      expect(advertisements).toEqual(all)
      if (ends.has(length)) expect(lines).toEqual([])
      else if (complete >= 0) {
        expect(lines).toEqual([
          expect.stringMatching(/^warn: The capture ends in the middle of a record, at byte \d+/),
        ])
      }
    }
  })

  it('goes on with the next record after garbage, and says once where that began', async () => {
    const before = file(packets.slice(0, 2))
    const more = file(Array<Packet>(50).fill(packets[1] as Packet)).subarray(file([]).length)
    const garbage = Buffer.alloc(333, 0xa5)
    const { advertisements, lines } = await readAll(Buffer.concat([before, garbage, more, garbage, more]))
    expect(advertisements).toHaveLength(101)
    expect(lines).toEqual([
      `warn: The capture is damaged at byte ${before.length}: what is no record there is skipped.`,
    ])
  })

  it('never throws and never logs more than it has kinds of trouble, whatever happens to it', async () => {
    const place = fc.nat(whole.length - 1)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(place, fc.nat(255))),
        place,
        fc.integer({ min: 1, max: 99 }),
        async (changes, end, size) => {
          const copy = Buffer.from(whole.subarray(0, end + 1))
          for (const [at, value] of changes) if (at >= 4 && at <= end) copy[at] = value
          const { lines } = await readAll(copy, size)
          expect(lines.filter((line) => !line.startsWith('warn: line')).length).toBeLessThanOrEqual(3)
        },
      ),
    )
  })
})

describe('a capture', () => {
  test('of any bytes behind a known beginning never makes the reader throw', async () => {
    const begin = fc.constantFrom('6274736e', 'a1b2c3d4', 'd4c3b2a1', 'a1b23c4d', '4d3cb2a1', '0a0d0d0a')
    await fc.assert(
      fc.asyncProperty(begin, fc.uint8Array({ maxLength: 500 }), async (hex, bytes) => {
        const { lines } = await readAll(Buffer.concat([Buffer.from(hex, 'hex'), bytes]), 7)
        expect(lines.length).toBeLessThanOrEqual(3)
      }),
    )
  })

  test('of JSON Lines is known by being nothing else', async () => {
    const { advertisements, lines } = await readAll(
      Buffer.from('{"address":"a4:c1:38:11:22:33"}\nbtsnoop\n'),
      3,
    )
    expect(advertisements).toMatchObject([{ address: 'a4:c1:38:11:22:33' }])
    expect(lines).toEqual([expect.stringMatching(/^warn: line 2 is no advertisement/)])
  })

  test('that is empty holds nothing, and nothing is said', async () => {
    expect(await readAll(Buffer.alloc(0))).toEqual({ advertisements: [], lines: [] })
  })

  test.each([
    [
      'btsnoop',
      btsnoopFile(1003, (data) => ({ data, flags: 3 }), packets),
      '1001, 1002, 2001), got link type 1003',
    ],
    ['pcap', pcapFile({ little: true, link: 1 }, packets), '187, 201, 251, 254, 256, 272), got link type 1.'],
  ])('of something else than Bluetooth (%s) says so once', async (_, file, message) => {
    const { advertisements, lines } = await readAll(file)
    expect(advertisements).toEqual([])
    expect(lines).toEqual([expect.stringContaining(message)])
  })

  test('cut short packet by packet holds what is whole', async () => {
    const file = btsnoopFile(1002, (data) => ({ data, flags: 3 }), packets)
    file.writeUInt32BE(file.readUInt32BE(16 + 24 + 6) + 100, 16 + 24 + 6)
    const { advertisements, lines } = await readAll(file)
    expect(advertisements).toMatchObject(expected)
    expect(lines).toEqual([])
  })
})

describe('pcapng', () => {
  const bytes = Buffer.from(advertisement.replaceAll(' ', ''), 'hex')
  const little = pcapngBlocks(true)
  const big = pcapngBlocks(false)
  const read = async (...blocks: Buffer[]) => (await readAll(Buffer.concat(blocks), 50)).advertisements

  test.each([
    ['microseconds', undefined, undefined, BigInt(start) * 1000n],
    ['nanoseconds', 9, undefined, BigInt(start) * 1_000_000n],
    ['milliseconds', 3, undefined, BigInt(start)],
    ['1/1024 s', 0x8a, undefined, (BigInt(start) * 1024n) / 1000n + 1n],
    ['microseconds from a given second', 6, 1_765_000_000, 123_000n],
  ])('counts time as its interfaces say: %s', async (_, resolution, offset, units) => {
    const [first] = await read(
      little.section(),
      little.interface(187, resolution, offset),
      little.enhanced(bytes, units),
    )
    expect(first?.at).toBe(start)
  })

  test('has packets without time, of the first interface', async () => {
    const [first] = await read(big.section(), big.interface(187), big.interface(201), big.simple(bytes))
    expect(first).toMatchObject({ rssi: -61 })
    expect(first).not.toHaveProperty('at')
  })

  test('has interfaces that are no Bluetooth, blocks of other kinds, and packets of interfaces unheard of', async () => {
    const found = await read(
      little.section(),
      little.interface(1),
      little.interface(187),
      little.block(5, Buffer.alloc(20)),
      little.enhanced(bytes, 0n, 0),
      little.enhanced(bytes, 0n, 7),
      little.enhanced(bytes, 0n, 1),
    )
    expect(found).toHaveLength(1)
  })

  test('has sections, each with its own byte order and interfaces', async () => {
    const found = await read(
      little.section(),
      little.interface(187),
      little.enhanced(bytes, 0n),
      big.section(),
      big.enhanced(bytes, 0n),
      big.interface(187),
      big.enhanced(bytes, 0n),
    )
    expect(found).toHaveLength(2)
  })
})
