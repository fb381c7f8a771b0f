import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formats, readerOf } from '../../../src/ble/formats/formats.js'
import { advertisement } from '../../../src/testing/advertisement.js'
import { advertisementOf } from '../advertisementOf.js'
import { inSteps } from './inSteps.js'

const { decode } = readerOf(formats)

const uuid = 'ef09000011d642ba93b89dd7ec090ab0'

const packed = (manufacturerData: string | string[]) =>
  decode(advertisementOf({ serviceUuids: [uuid], manufacturerData }))

it('says what an HTP.xw was told to say, over the whole range', () => {
  const values = {
    temperature: inSteps(-40, 140, 100),
    humidity: inSteps(0, 100, 100),
    pressure_hpa: inSteps(300, 1250, 100),
  }
  fc.assert(
    fc.property(fc.record(values), ({ temperature, ...others }) => {
      expect(decode(advertisement({ brand: 'SensorPush', temperature, ...others }))).toEqual({
        brand: 'SensorPush',
        model: 'HTP.xw',
        temperature_c: temperature,
        ...others,
      })
    }),
  )
})

it('is found by its name where it does not list its service, and passes an iBeacon over', () => {
  const beacon = '4c000215' + '00'.repeat(21)
  const packet = { localName: 'SensorPush HT.w 0000', manufacturerData: [beacon, '04b063393a'] }
  // 22 °C and 37 %: 24800 + 66001 * 14800.
  expect(decode(advertisementOf(packet))).toEqual({
    brand: 'SensorPush',
    model: 'HT.w',
    temperature_c: 22,
    humidity: 37,
  })
})

it.each([
  ['another page than the first', '0189e456bea6b4'],
  ['a type that is not known', '0c89e456bea6b4'],
  ['less than all of it', '0089e456bea6'],
])('says nothing of %s', (_, record) => {
  expect(packed(record)).toBeUndefined()
})

it('reads an HT1 only where name, service and type say that it is one', () => {
  const serviceUuids = ['ef09000011d642ba93b89dd7ec090aa9']
  const packet = { localName: 's', serviceUuids, manufacturerData: '34486205' }
  expect(decode(advertisementOf(packet))).toMatchObject({ model: 'HT1', temperature_c: 13.94 })
  expect(decode(advertisementOf({ ...packet, localName: 'x' }))).toBeUndefined()
  expect(decode(advertisementOf({ ...packet, manufacturerData: '34486209' }))).toBeUndefined()
})
