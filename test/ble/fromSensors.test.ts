import { from } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { formats } from '../../src/ble/formats/formats.js'
import { fromSensors } from '../../src/ble/fromSensors.js'
import { parseCaptureLine } from '../../src/captures/jsonLines.js'
import type { Advertisement } from '../../src/radio/advertisement.js'
import { advertisement } from '../../src/testing/advertisement.js'
import { collect } from '../support/collect.js'

const packet = (number: number, fields: object = {}) =>
  parseCaptureLine(JSON.stringify({ address: `00:00:00:00:00:0${number}`, ...fields }))

const passed = (...packets: Advertisement[]) =>
  collect(from(packets).pipe(fromSensors(formats))).map((each) => packets.indexOf(each))

describe('from sensors', () => {
  it.each([
    ['a reading', advertisement({ brand: 'Ruuvi', temperature: 21 })],
    ['one that is encrypted', advertisement({ brand: 'BTHome', temperature: 21, key: '0f'.repeat(16) })],
    ['the name of a brand', packet(1, { localName: 'tps' })],
    ['the name of a Govee model nobody knows', packet(1, { localName: 'GVH9999_0000' })],
    ['a model that is read by connection only', packet(1, { localName: 'Ink@IAM-T1' })],
  ])('is a packet with %s', (_, given) => {
    expect(passed(given)).toEqual([0])
  })

  it.each([
    ['nothing', {}],
    ['another name', { localName: 'GoPro' }],
    ['an iBeacon', { manufacturerData: '4c000215494e54454c4c495f524f434b535f48575075f2ffc2' }],
    ['a service of many', { serviceUuids: ['fff0'], manufacturerData: 'ffff0102' }],
  ])('is none with %s', (_, fields) => {
    expect(passed(packet(1, fields))).toEqual([])
  })

  it('is all that a device says once it has been given away, by two packets together, too', () => {
    const name = packet(1, { localName: 's', serviceUuids: ['ef090000-11d6-42ba-93b8-9dd7ec090aa9'] })
    const record = packet(1, { event: 'scan_rsp', manufacturerData: '34486205' })
    expect(passed(name, record, packet(2), packet(1))).toEqual([1, 3])
  })
})
