import { of, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { goveeSensor } from '../src/ble/bleSensor.js'
import type { Description } from '../src/description.js'
import { withdrawal } from '../src/model.js'
import { advertisement } from '../src/testing/advertisement.js'
import { collect } from './support/collect.js'

describe('What describes a topic', () => {
  const address = 'a4:c1:38:11:22:33'
  const packet = advertisement({ model: 'H5075', temperature: 21.7, humidity: 50.2, address })

  it('is one frozen object, made when the topic is first named, for all its readings', () => {
    const readings = collect(goveeSensor(of(packet, packet), { destination: 'govee' }))
    const [first, second] = [readings.slice(0, 5), readings.slice(5)]
    expect(second).toHaveLength(5)
    first.forEach(({ destination, about }, place) => {
      expect(about).toMatchObject({ topic: destination })
      expect(Object.isFrozen(about)).toBe(true)
      expect(about?.device).toBe(first[0]?.about?.device)
      expect(second[place]?.about).toBe(about)
    })
  })

  it('says whose it is, and whether somebody has named that', () => {
    const deviceOf = (devices?: Readonly<Record<string, string>>) =>
      collect(goveeSensor(of(packet), { destination: 'govee', ...(devices && { devices }) }).pipe(take(1)))[0]
        ?.about?.device
    const who = {
      identity: 'a4c138112233',
      address: 'A4:C1:38:11:22:33',
      brand: 'Govee',
      model: 'H5075',
    }
    expect(deviceOf()).toEqual({
      ...who,
      topic: 'govee/GVH5075_2233',
      name: 'GVH5075_2233',
      stranger: true,
    })
    expect(deviceOf({ [address]: 'attic' })).toEqual({ ...who, topic: 'attic', name: 'attic' })
  })

  it('says what is measured there, at which part, and in how many digits', () => {
    const probes = advertisement({ model: 'H5112', probes: { 1: { temperature: 21.2, humidity: 50 } } })
    const described = collect(goveeSensor(of(probes), { destination: 'govee' })).map(
      ({ about }): Partial<Description> => about ?? {},
    )
    expect(described.find(({ name }) => name === 'temperature_f')).toMatchObject({
      part: 'probe1',
      quantity: { unit: '°F', again: true },
    })
    expect(described.map(({ name, part, decimals }) => `${part} ${name} ${decimals}`)).toContain(
      'probe1 temperature_c 1',
    )
  })

  it('stays with what is withdrawn', () => {
    const [reading = { destination: '', value: '' }] = collect(
      goveeSensor(of(packet), { destination: 'govee' }),
    )
    expect(withdrawal(reading).about).toBe(reading.about)
  })
})
