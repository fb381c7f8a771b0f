import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { btsnoopWriter } from '../../src/captures/btsnoop.js'
import { lineWriter } from '../../src/captures/jsonLines.js'
import { type CaptureWriter, drained } from '../../src/captures/writeCapture.js'
import { adStructures, type Advertisement, parseAdvertisement } from '../../src/radio/advertisement.js'
import { contents } from '../radio/contents.js'
import { collect } from '../support/collect.js'
import { readAll } from './readAll.js'

const raw: fc.Arbitrary<Advertisement> = fc
  .record({
    at: fc.integer({ min: 0, max: 4e12 }),
    address: fc
      .uint8Array({ minLength: 6, maxLength: 6 })
      .map((bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':')),
    addressType: fc.constantFrom('public' as const, 'random' as const),
    rssi: fc.integer({ min: -127, max: 20 }),
    event: fc.constantFrom(
      'adv_ind' as const,
      'adv_direct_ind' as const,
      'adv_scan_ind' as const,
      'adv_nonconn_ind' as const,
      'scan_rsp' as const,
    ),
    data: fc.uint8Array({ maxLength: 229 }).map((bytes): Uint8Array => Buffer.from(bytes)),
  })
  .map((report) => ({ ...report, ...parseAdvertisement(report.data) }))

const written = ({ header, record }: CaptureWriter, advertisements: readonly Advertisement[]) =>
  readAll(
    Buffer.concat([
      header,
      ...advertisements.map((advertisement) => Buffer.from(record(advertisement) ?? '')),
    ]),
  )

describe.each([
  ['JSON Lines', lineWriter],
  ['btsnoop', btsnoopWriter],
])('a capture written as %s', (_, writer) => {
  it('is read as it was heard', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(raw, { maxLength: 5 }), async (heard) => {
        expect(await written(writer, heard)).toEqual({ advertisements: heard, lines: [] })
      }),
    )
  })

  it('says what is said by an advertisement whose bytes are not known', async () => {
    await fc.assert(
      fc.asyncProperty(contents, async (said) => {
        const { advertisements } = await written(writer, [{ address: 'a4:c1:38:11:22:33', at: 1, ...said }])
        expect(advertisements).toMatchObject([{ address: 'a4:c1:38:11:22:33', ...said }])
      }),
    )
  })
})

describe('a capture as JSON Lines', () => {
  it('has the bytes of an advertisement on a line', () => {
    const data = Buffer.from('020106', 'hex')
    const heard: Advertisement = {
      at: 5,
      address: 'a4:c1:38:11:22:33',
      addressType: 'public',
      rssi: -61,
      event: 'adv_ind',
      data,
      ...parseAdvertisement(data),
    }
    expect(lineWriter.record(heard)).toBe(
      '{"at":5,"address":"a4:c1:38:11:22:33","addressType":"public","rssi":-61,"event":"adv_ind","data":"020106"}\n',
    )
  })
})

describe('a capture as btsnoop', () => {
  const nothing = { serviceUuids: [], manufacturerData: [], serviceData: [] }

  it('cannot hold a device that has no address of six bytes', () => {
    expect(
      btsnoopWriter.record({ address: '5a3b7c1e-0000-4000-8000-a4c138112233', ...nothing }),
    ).toBeUndefined()
  })

  it('keeps whole structures where there are more than an event has room for', async () => {
    const record = Buffer.alloc(100, 1)
    const data = adStructures({ ...nothing, manufacturerData: [record, record, record] })
    const { advertisements } = await written(btsnoopWriter, [
      { address: 'a4:c1:38:11:22:33', ...nothing, data },
    ])
    expect(advertisements[0]?.manufacturerData).toEqual([record, record])
  })
})

describe('drained', () => {
  it('emits at once where there is room, and completes', () => {
    expect(collect(drained(new PassThrough()))).toHaveLength(1)
  })

  it('waits until the reader has caught up, or is gone', async () => {
    for (const end of [(stream: PassThrough) => stream.resume(), (stream: PassThrough) => stream.destroy()]) {
      const stream = new PassThrough({ highWaterMark: 4 })
      stream.write('much more')
      const emitted = new Promise((resolve) =>
        drained(stream).subscribe({ complete: () => resolve('ready'), error: resolve }),
      )
      expect(collect(drained(stream))).toEqual([])
      end(stream)
      expect(await emitted).toBe('ready')
    }
  })
})
