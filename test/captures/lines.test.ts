import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lines } from '../../src/captures/lines.js'

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
