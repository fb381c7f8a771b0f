import fc from 'fast-check'
import { from, map, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { goveeSensor } from '../../src/ble/bleSensor.js'
import { decodeGovee, families } from '../../src/ble/formats/govee/families.js'
import { joinPackets } from '../../src/ble/joinPackets.js'
import { parseAdvertisement } from '../../src/radio/advertisement.js'
import { advertisement, type AdvertisementOptions } from '../../src/testing/advertisement.js'
import type { GoveeValues } from '../../src/testing/encoders/encoder.js'
import { goveeModels } from '../../src/testing/encoders/goveeEncoders.js'
import { collect } from '../support/collect.js'
import { goveeValues } from './encoders/goveeValues.js'
import { goveeValuesOf } from './encoders/goveeValuesOf.js'

const address = fc
  .uint8Array({ minLength: 6, maxLength: 6 })
  .map((octets) => Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join(':'))

function valuesOf(family: string, model: string): fc.Arbitrary<GoveeValues> {
  const values = goveeValues[family]
  const found = values instanceof fc.Arbitrary ? values : values?.[model]
  if (!found) throw new Error(`no values for the ${model} of ${family}`)
  return found
}

/** A device as it is heard: the packet with its name, then the one with its reading. */
const heard = (options: AdvertisementOptions) => {
  const { model, family, address } = options
  const isActive = ['ec88-le7', 'ec88-le9', '8801-le9'].includes(family ?? '')
  const silent = { model, ...(family !== undefined && { family }), ...(address !== undefined && { address }) }
  return isActive ? [advertisement(silent), advertisement(options)] : [advertisement(options)]
}

describe('advertisement', () => {
  it.each(goveeModels.map(({ model, family }) => [model, family.key] as const))(
    'lets the %s (%s) say whatever it can, so that it is decoded to the same',
    (model, family) => {
      fc.assert(
        fc.property(valuesOf(family, model), address, (values, address) => {
          const packets = heard({ model, family, address, ...values })
          const decoded = collect(from(packets).pipe(joinPackets(), map(decodeGovee)))
          expect(goveeValuesOf(decoded.at(-1))).toEqual({ model, ...values })
          const record = packets.at(-1)?.manufacturerData[0]
          expect(record).toHaveLength((families.find(({ key }) => key === family)?.length ?? 0) + 2)
        }),
        { numRuns: 200 },
      )
    },
  )

  it.each<[string, AdvertisementOptions]>([
    [
      '0201060d09475648353130305f32353530030388ec09ff0100010102673f39',
      { model: 'H5100', address: 'C2:35:33:30:25:50', temperature: 15.7, humidity: 50.3, battery: 57 },
    ],
    [
      '0201060b0947563531313134443336030388ec0bff0100010103b7905f0000',
      { model: 'H5111', address: 'DD:42:03:06:4D:36', temperature: 24.3, battery: 95 },
    ],
    ['0cff88ec00ba0af90f63020101', { model: 'H5051', temperature: 27.46, humidity: 40.89, battery: 99 }],
    [
      '0201060303518214ff30554401000101e401860834ffff860960ffff',
      {
        model: 'H5182',
        address: 'C7:31:30:30:55:44',
        probes: { 1: { temperature: 21 }, 2: { temperature: 24 } },
      },
    ],
    [
      '0201060303518517ff32490a01000101e4c1ff0960ffffffff0a28ffffffff',
      {
        model: 'H5185',
        address: 'D8:33:36:32:49:0A',
        probes: { 1: { temperature: 24 }, 2: { temperature: 26 } },
      },
    ],
  ])('sends byte for byte what was captured of a real device: %s', (bytes, options) => {
    const { data } = advertisement(options)
    expect(Buffer.from(data ?? []).toString('hex')).toBe(bytes)
  })

  const cold: AdvertisementOptions = { model: 'H5075', temperature: -7.3, humidity: 48.1, battery: 90 }

  it('is what the radio hands on: the bytes, and what stands in them', () => {
    const { data = new Uint8Array(), ...heard } = advertisement(cold)
    expect(heard).toEqual({
      address: 'a4:c1:38:11:22:33',
      rssi: -61,
      event: 'adv_ind',
      localName: 'GVH5075_2233',
      ...parseAdvertisement(data),
    })
  })

  it('takes address, signal, name and time', () => {
    const said = { address: 'c4:35:33:33:77:38', rssi: -90, name: 'attic', at: 1_765_000_000_123 }
    expect(advertisement({ ...cold, ...said })).toMatchObject({
      address: said.address,
      rssi: said.rssi,
      localName: said.name,
      at: said.at,
    })
    expect(advertisement({ ...cold, address: said.address }).localName).toBe('GVH5075_7738')
    expect(advertisement({ ...cold, name: '' })).not.toHaveProperty('localName')
  })

  it('lets a pipeline be tested from the air', () => {
    const readings = collect(goveeSensor(of(advertisement(cold)), { destination: 'govee' }))
    expect(readings[0]).toMatchObject({ destination: 'govee/GVH5075_2233/temp_c', value: -7.3, decimals: 1 })
  })

  it('says the name of an H5074 in one packet, and its reading in another', () => {
    const name = advertisement({ model: 'H5074' })
    const reading = advertisement({ model: 'H5074', temperature: 21.5, humidity: 50 })
    expect(name).toMatchObject({ event: 'adv_ind', localName: 'Govee_H5074_2233', manufacturerData: [] })
    expect(reading).toMatchObject({ event: 'scan_rsp', serviceUuids: [] })
    expect(reading).not.toHaveProperty('localName')
  })

  it('presses a button again with another nonce', () => {
    const press: AdvertisementOptions = {
      model: 'H5122',
      event: { type: 'button', button: 0, action: 'press' },
    }
    const packets = [press, press, { ...press, nonce: 2 }].map(advertisement)
    const pressed = collect(goveeSensor(from(packets), { destination: 'govee' })).filter(({ event }) => event)
    expect(pressed).toHaveLength(2)
  })

  it.each<[string, AdvertisementOptions, string]>([
    [
      'too hot',
      { ...cold, temperature: 104 },
      'The H5075 cannot say this: expected temperature from -40 to 100 in steps of 0.1, got 104.',
    ],
    ['too fine', { ...cold, temperature: 21.37 }, 'in steps of 0.1, got 21.37.'],
    ['too humid', { ...cold, humidity: 100 }, 'expected humidity from 0 to 99.9 in steps of 0.1, got 100.'],
    [
      'of no temperature',
      { model: 'H5075' },
      'expected temperature from -40 to 100 in steps of 0.1, got none.',
    ],
    ['too charged', { ...cold, battery: 101 }, 'expected battery from 0 to 100 in steps of 1, got 101.'],
    [
      'what has no sensor',
      { ...cold, co2: 400 },
      'The H5075 cannot say this: it has temperature, humidity, battery, but no co2.',
    ],
    [
      'a humidity where none is measured',
      { model: 'H5108', temperature: 5, humidity: 60 },
      'but no humidity',
    ],
    [
      'a low alarm where there is none',
      { model: 'H5181', probes: { 1: { alarmLow: 5 } } },
      'its probes have temperature, alarmHigh, but no alarmLow',
    ],
    [
      'a value that means none',
      { model: 'H5074', temperature: -0.01, humidity: 50 },
      'than -0.01, which is how it says that it has none',
    ],
    [
      'zeros, which mean that it is starting',
      { model: 'H5074', temperature: 0, humidity: 0, battery: 0 },
      'it is just starting',
    ],
    [
      'a probe whose value means none',
      { model: 'H5055', probes: { 1: { temperature: -1 } } },
      'than -1, which is how it says that there is none',
    ],
    [
      'alarms of a probe that is not plugged in',
      { model: 'H5055', probes: { 1: { alarmLow: 5 } } },
      'expected a temperature of a probe that has alarms',
    ],
    [
      'probes of several packets',
      { model: 'H5198', probes: { 1: {}, 4: {} } },
      'expected probes of one packet (1 and 2, or 3 and 4), got 1 and 4.',
    ],
    ['no probe', { model: 'H5182' }, 'expected probes of one packet (1 and 2), got none.'],
    [
      'a second probe where there is one',
      { model: 'H5183', probes: { 1: {}, 2: {} } },
      'expected probe 1 alone, got 1 and 2',
    ],
    [
      'two probes that speak in turn',
      { model: 'H5112', probes: { 1: {}, 2: {} } },
      'expected one of the probes 1 and 2',
    ],
    [
      'a humidity of the wrong probe',
      { model: 'H5112', probes: { 2: { temperature: 5, humidity: 50 } } },
      'expected no humidity of probe 2',
    ],
    ['no event', { model: 'H5121' }, "expected event: { type: 'motion' }, got none"],
    [
      'another event',
      { model: 'H5124', event: { type: 'motion' } },
      `expected event: { type: 'vibration' }, got {"type":"motion"}`,
    ],
    [
      'no button',
      { model: 'H5125' },
      "expected event: { type: 'button', button: 0, action: 'press' }, got none",
    ],
    ['no door', { model: 'H5123' }, 'expected windowOpen, true or false, got none'],
    [
      'no mat',
      { model: 'H5130' },
      'expected pressureDetected, true or false, or its only button, 0, got none',
    ],
    [
      'a press and a load',
      { model: 'H5130', pressureDetected: true, event: { type: 'button', button: 0, action: 'press' } },
      'got both',
    ],
    [
      'a model that is mistyped',
      { ...cold, model: 'H507' },
      'expected a Govee model that can be read, got "H507". Did you mean H5071?',
    ],
    [
      'a family that is not the model’s',
      { ...cold, family: 'probe14' },
      'expected the H5075 to be of the family ec88-packed6, got "probe14"',
    ],
  ])('refuses to say something that is %s', (_, options, message) => {
    expect(() => advertisement(options)).toThrow(message)
  })
})
