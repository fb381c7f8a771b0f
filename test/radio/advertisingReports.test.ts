import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { advertisingReports } from '../../src/radio/advertisingReports.js'

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex')
const reports = (hex: string) => advertisingReports(bytes(hex))

describe('advertising reports', () => {
  test('of the legacy kind are read', () => {
    expect(reports('043e 0f 02 01 03 01 665544332211 03 0201ff b0')).toEqual([
      {
        address: '11:22:33:44:55:66',
        addressType: 'random',
        event: 'adv_nonconn_ind',
        rssi: -80,
        data: bytes('0201ff'),
      },
    ])
  })

  test('of the extended kind are read, several in an event each with its own bytes', () => {
    const extended = (type: string, rssi: string, data: string) =>
      `${type} 00 665544332211 01 00 ff 7f ${rssi} 0000 00 000000000000 03 ${data}`
    const all = reports(
      `043e 38 0d 02 ${extended('1300', 'c3', '020106')} ${extended('1b00', 'c4', '02ff01')}`,
    )
    expect(all.map(({ event, rssi, data }) => [event, rssi, data])).toEqual([
      ['adv_ind', -61, bytes('020106')],
      ['scan_rsp', -60, bytes('02ff01')],
    ])
  })

  test.each([
    ['1300', 'adv_ind'],
    ['1500', 'adv_direct_ind'],
    ['1200', 'adv_scan_ind'],
    ['1000', 'adv_nonconn_ind'],
    ['1a00', 'scan_rsp'],
  ])('of the extended kind name their event (%s)', (type, event) => {
    const [report] = reports(`043e 1a 0d 01 ${type} 00 665544332211 01 00 ff 7f c3 0000 00 000000000000 00`)
    expect(report?.event).toBe(event)
  })

  test('have no RSSI when the controller did not measure it', () => {
    expect(reports('043e 0c 02 01 00 00 665544332211 00 7f')[0]).not.toHaveProperty('rssi')
  })

  test.each([
    ['another LE event', '043e 0c 01 01 00 00 665544332211 00 b0'],
    ['another HCI event', '040e 0c 02 01 00 00 665544332211 00 b0'],
    ['a command', '013e 0c 02 01 00 00 665544332211 00 b0'],
    ['an event without payload', '043e 00'],
    ['nothing', ''],
  ])('are not found in %s', (_, packet) => {
    expect(reports(packet)).toEqual([])
  })

  test('never throw and never read past their event', () => {
    fc.assert(
      fc.property(fc.constantFrom(0x02, 0x0d), fc.uint8Array({ maxLength: 80 }), (kind, payload) => {
        const packet = Uint8Array.from([0x04, 0x3e, payload.length + 1, kind, ...payload])
        const total = advertisingReports(packet).reduce((sum, { data }) => sum + data.length + 10, 0)
        expect(total).toBeLessThanOrEqual(payload.length)
      }),
      { numRuns: 1000 },
    )
  })
})
