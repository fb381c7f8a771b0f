import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formats, readerOf } from '../../../src/ble/formats/formats.js'
import { advertisement } from '../../../src/testing/advertisement.js'
import { advertisementOf } from '../advertisementOf.js'
import { inSteps } from './inSteps.js'

const { decode } = readerOf(formats)

const data = (hex: string, uuid = 'fd3d') => ({ uuid, data: Buffer.from(hex, 'hex') })

/** A device by its service data and, behind the address in its record, the rest of that. */
const heard = (service: string, rest?: string) =>
  decode(
    advertisementOf({
      serviceData: [data(service)],
      ...(rest !== undefined && { manufacturerData: `6909a4c138112233${rest}` }),
    }),
  )

it('says what a Meter was told to say, over the whole range', () => {
  const values = {
    temperature: inSteps(-127.9, 127.9, 10),
    humidity: fc.integer({ min: 1, max: 100 }),
    battery: fc.nat(100),
    packet: fc.nat(255),
  }
  fc.assert(
    fc.property(fc.record(values), ({ temperature, ...others }) => {
      expect(decode(advertisement({ brand: 'SwitchBot', temperature, ...others }))).toEqual({
        brand: 'SwitchBot',
        model: 'Meter',
        temperature_c: temperature,
        ...others,
      })
    }),
  )
})

it.each([
  ['5', '350064', '4a030599320000 0190', { model: 'Meter Pro CO2', temperature_c: 25.5, co2: 400 }],
  ['5 waiting to be paired', '150064', '4a03059932000003e8', { model: 'Meter Pro CO2', co2: 1000 }],
  [
    'hub mini',
    '2500',
    '01000000000000079a32',
    { model: 'Hub Mini Matter', temperature_c: 26.7, humidity: 50 },
  ],
  ['hub mini, its other number', '0500', '01000000000000079a32', { model: 'Hub Mini Matter', humidity: 50 }],
  ['hub 2 in the sun', '7600', '01000000000015079a32', { model: 'Hub 2', illuminance_lx: 1091 }],
  [
    'hub 3',
    '000000001 0b940',
    '0100000000000a079ab280',
    { temperature_c: 26.7, illuminance_lx: 1023, motion: true },
  ],
  [
    'hub 3, a byte behind',
    '00000001 10b94000',
    '01000000000001079ab200',
    { illuminance_lx: 0, motion: false },
  ],
  [
    'panel',
    '0000000010f3d8',
    '0164059932 0000 0000 84',
    { model: 'Climate Panel', motion: true, light: true, battery: 100 },
  ],
  [
    'station',
    '000050069a23001053b0',
    '01e4079a23',
    { model: 'Weather Station', temperature_c: 26.7, battery: 100 },
  ],
  [
    'presence',
    '00005a0010ccc8',
    '01400000000b',
    { model: 'Presence Sensor', motion: true, light_level: 11, battery: 90 },
  ],
  ['contact, left open', '640042', '0120000000000000', { window_open: true, motion: false, light: false }],
  [
    'wet and opened leak detector',
    '260064',
    '01e403',
    { leak: true, tamper: true, battery_low: true, battery: 100 },
  ],
  ['remote', '620055', undefined, { model: 'Remote', battery: 85 }],
  ['meter that has measured nothing', '540000', '01000080 00', { ignored: true }],
  ['hub 2 without its sensor', '7600', '01000000000002000000', { model: 'Hub 2', illuminance_lx: 10 }],
  [
    'meter of which the record is short',
    '54006405990a',
    '0103',
    { temperature_c: 25.5, humidity: 10, battery: 100 },
  ],
])('reads a %s', (_, service, rest, expected) => {
  const without = (hex?: string) => hex?.replaceAll(' ', '')
  expect(heard(without(service) ?? '', without(rest))).toMatchObject(expected)
})

it('leaves out what no sensor of CO2 can measure, and climate that there is none of', () => {
  expect(heard('350064', '4a0305993200002710')).not.toHaveProperty('co2', expect.anything())
  expect(heard('7600', '01000000000002000000')).not.toHaveProperty('temperature_c')
})

it('cannot tell a record from others without service data, but for the names that say the model', () => {
  const record = { manufacturerData: '6909a4c1381122334a0109962f' }
  expect(decode(advertisementOf(record))).toBeUndefined()
  expect(decode(advertisementOf({ ...record, localName: 'WoSensorTHP' }))).toMatchObject({
    model: 'Meter Plus',
    temperature_c: 22.9,
    packet: 0x4a,
  })
})

it('says of a curtain nothing', () => {
  expect(heard('63c058001104', '927c0f001104')).toBeUndefined()
})
