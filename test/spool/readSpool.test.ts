import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  checksum,
  ranges,
  readSpool,
  spoolHeader,
  spoolLine,
  type SpoolRecord,
} from '../../src/spool/readSpool.js'

const reading = fc.record({
  destination: fc.string({ unit: 'binary' }),
  value: fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  ),
  at: fc.nat(),
})

const done = fc.array(
  fc.tuple(fc.nat(9), fc.nat(3)).map(([from, more]) => [from, from + more] as const),
  { minLength: 1, maxLength: 3 },
)

/** Readings numbered in their order, and among them marks of which are done. */
const records = fc
  .array(fc.oneof({ weight: 3, arbitrary: reading }, done), { maxLength: 8 })
  .map((all) =>
    all.map((each, sequence): SpoolRecord =>
      Array.isArray(each) ? { done: each } : { sequence, reading: each },
    ),
  )

function alive(all: readonly SpoolRecord[]) {
  return all.filter(
    (record, index) =>
      'reading' in record &&
      !all
        .slice(index)
        .some((later) => 'done' in later && later.done.some(([from, to]) => from <= index && index <= to)),
  )
}

const fileOf = (all: readonly SpoolRecord[]) =>
  Buffer.concat([spoolHeader, ...all.map((record) => Buffer.from(spoolLine(record)))])

describe('readSpool', () => {
  it('reads what was written, without what is done', () => {
    fc.assert(
      fc.property(records, (all) => {
        expect(readSpool(fileOf(all))).toEqual({ entries: alive(all), damaged: 0 })
      }),
    )
  })

  it('finds every whole record before the place where the file was cut off, and says how many bytes are left over', () => {
    fc.assert(
      fc.property(records, (all) => {
        const bytes = fileOf(all)
        const ends = all.map((_, index) => fileOf(all.slice(0, index + 1)).length)
        for (let cut = 0; cut <= bytes.length; cut++) {
          const whole = ends.filter((end) => end <= cut).length
          const left = cut - (cut < spoolHeader.length ? 0 : (ends[whole - 1] ?? spoolHeader.length))
          expect(readSpool(bytes.subarray(0, cut))).toEqual({
            entries: alive(all.slice(0, whole)),
            damaged: left,
          })
        }
      }),
      { numRuns: 30 },
    )
  })

  it('loses to a flipped byte only the record it is in, and the next one when it was the end of the line', () => {
    fc.assert(
      fc.property(
        fc.array(reading, { minLength: 1, maxLength: 6 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (all, place, flip) => {
          const lines = all.map((each, sequence) => ({ sequence, reading: each }))
          const bytes = fileOf(lines)
          const at = spoolHeader.length + (place % (bytes.length - spoolHeader.length))
          const hit = lines.findIndex((_, index) => fileOf(lines.slice(0, index + 1)).length > at)
          const isEnd = fileOf(lines.slice(0, hit + 1)).length === at + 1
          bytes.writeUInt8(bytes.readUInt8(at) ^ flip, at)
          const { entries, damaged } = readSpool(bytes)
          expect(entries).toEqual(lines.filter((_, index) => index !== hit && !(isEnd && index === hit + 1)))
          expect(damaged).toBeGreaterThan(0)
        },
      ),
    )
  })

  it('leaves out a tail of zeros, as a power cut leaves it', () => {
    const record = { sequence: 1, reading: { destination: 'a', value: 1, at: 2 } }
    const bytes = Buffer.concat([fileOf([record]), Buffer.alloc(4096)])
    expect(readSpool(bytes)).toEqual({ entries: [record], damaged: 4096 })
  })

  it.each(['[Connection1]\nName = home\n', 'sensor-reporter spool 2\n', '\0'.repeat(100), 'x'])(
    'refuses what is none of ours: %j',
    (text) => {
      expect(() => readSpool(Buffer.from(text))).toThrow(/expected a spool of this version.*move it away/)
    },
  )
})

describe('checksum', () => {
  it('is the CRC-32 that everybody computes, with its leading zeros', () => {
    expect(checksum(Buffer.from('123456789'))).toBe('cbf43926')
    expect(checksum(Buffer.alloc(0))).toBe('00000000')
  })

  it.skipIf(typeof crc32 !== 'function')('is what zlib says', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(parseInt(checksum(bytes), 16)).toBe(crc32(bytes))
      }),
    )
  })
})

describe('ranges', () => {
  it('puts neighbours together, in any order', () => {
    expect(ranges([3, 1, 2, 7])).toEqual([
      [1, 3],
      [7, 7],
    ])
    expect(ranges([])).toEqual([])
  })

  it('holds the numbers and no others, in as few ranges as can be', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30)), (numbers) => {
        const found = ranges(numbers)
        const spelled = found.flatMap(([from, to]) =>
          Array.from({ length: to - from + 1 }, (_, n) => from + n),
        )
        expect(spelled).toEqual([...new Set(numbers)].sort((a, b) => a - b))
        found.slice(1).forEach(([from], index) => expect(from).toBeGreaterThan((found[index]?.[1] ?? 0) + 1))
      }),
    )
  })
})
