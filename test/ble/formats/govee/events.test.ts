import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeGovee } from '../../../../src/ble/formats/govee/families.js'
import { advertisementOf } from '../../advertisementOf.js'
import { encrypted } from '../../encrypted.js'

const decode = (manufacturerData: string, localName?: string) =>
  decodeGovee(advertisementOf({ manufacturerData, ...(localName !== undefined && { localName }) }))

const button = (number: number) => ({ event: { type: 'button', button: number, action: 'press' } })

describe('an encrypted packet', () => {
  it.each([
    ['H5121', 3, 1, { event: { type: 'motion' } }],
    ['H5124', 9, 1, { event: { type: 'vibration' } }],
    ['H5123', 2, 1, { window_open: false }],
    ['H5123', 2, 2, { window_open: true }],
    ['H5122', 8, 0, button(0)],
    ['H5125', 10, 5, button(5)],
    ['H5126', 11, 1, button(1)],
    ['H5130', 13, 0, { pressure_detected: false }],
    ['H5130', 13, 1, { pressure_detected: true }],
    ['H5130', 13, 16, button(0)],
  ])('of the %s (code %i) with the value %i says what happened', (model, code, value, said) => {
    expect(decode(encrypted(code, 87, value))).toEqual({
      model,
      decimals: 0,
      battery: 87,
      packet: 1,
      ...said,
    })
  })

  it.each([
    ['H5121', 3, 0],
    ['H5124', 9, 2],
    ['H5123', 2, 0],
    ['H5123', 2, 3],
    ['H5130', 13, 2],
  ])('of the %s (code %i) with the unknown value %i has only a battery', (model, code, value) => {
    expect(decode(encrypted(code, 87, value))).toEqual({ model, decimals: 0, battery: 87, packet: 1 })
  })

  it.each([undefined, 'GV5125ABCD', 'Kitchen'])('is known whatever the name (%s)', (localName) => {
    expect(decode(encrypted(11, 100, 1), localName)?.model).toBe('H5126')
  })

  it('of an unknown model is not read', () => {
    expect(decode(encrypted(12, 100, 1))).toBeUndefined()
  })

  it('is dropped when a single bit of cipher or CRC is wrong', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8 * 8, max: 26 * 8 - 1 }), fc.nat(), (bit, nonce) => {
        const record = Buffer.from(encrypted(2, 100, 2, nonce), 'hex')
        record[bit >> 3] = (record[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(decode(record.toString('hex'))).toBeUndefined()
      }),
    )
  })

  it('is read under every nonce', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0xffffffff }),
        fc.integer({ min: 0, max: 100 }),
        (nonce, battery) => {
          expect(decode(encrypted(2, battery, 2, nonce))).toMatchObject({ battery, window_open: true })
        },
      ),
    )
  })

  it('of another length is not read', () => {
    expect(decode(encrypted(2, 100, 2).slice(0, -2))).toBeUndefined()
    expect(decode(`${encrypted(2, 100, 2)}00`)).toBeUndefined()
  })
})
