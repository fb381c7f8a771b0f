import { readFileSync } from 'node:fs'
import { from, map, mergeMap, of } from 'rxjs'
import {
  bleReports,
  bleSensor,
  goveeReports,
  goveeSensor,
  parseCaptureLine,
  readingsOf,
} from 'sensor-reporter'
import { advertisement } from 'sensor-reporter/testing'
import { expect, it } from 'vitest'
import { collect } from '../support/collect.js'

const attic = 'a4:c1:38:11:22:33'
const packet = advertisement({
  model: 'H5075',
  address: attic,
  temperature: 21.7,
  humidity: 50.2,
  battery: 90,
  rssi: -61,
})
const who = { address: 'A4:C1:38:11:22:33', brand: 'Govee', model: 'H5075' }
const options = { destination: 'govee', devices: { [attic]: 'attic' } }

it('a report is one object with all that a packet says, and whose it is', () => {
  expect(collect(goveeReports(of(packet), options))).toEqual([
    {
      device: 'attic',
      name: 'GVH5075_2233',
      model: 'H5075',
      address: attic,
      rssi: -61,
      about: { topic: 'attic', identity: 'a4c138112233', name: 'attic', ...who },
      measurement: expect.objectContaining({ temperature_c: 21.7, humidity: 50.2, battery: 90 }) as unknown,
    },
  ])
})

it('reports are made into the very readings that the sensor has, a whole recording long', () => {
  const lines = readFileSync(new URL('../../config/demo.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
  const heard$ = from(lines.map((line) => parseCaptureLine(line)))
  const readings = collect(goveeReports(heard$, { destination: 'govee' }).pipe(mergeMap(readingsOf)))
  expect(readings.length).toBeGreaterThan(1000)
  expect(readings).toEqual(collect(goveeSensor(heard$, { destination: 'govee' })))
})

it('so are those of other brands', () => {
  const packets = [advertisement({ brand: 'Ruuvi', temperature: 21.705, humidity: 50.25 }), packet]
  expect(collect(bleReports(from(packets), { destination: 'air' }).pipe(mergeMap(readingsOf)))).toEqual(
    collect(bleSensor(from(packets), { destination: 'air' })),
  )
})

it('what is added to a measurement has a reading of its own', () => {
  const dew$ = goveeReports(of(packet), options).pipe(
    map((report) => ({ ...report, measurement: { ...report.measurement, dew_point_c: 10.9 } })),
    mergeMap(readingsOf),
    map(({ destination, value }) => `${destination} ${value}`),
  )
  expect(collect(dew$)).toEqual([
    'attic/temp_c 21.7',
    'attic/temp_f 71.1',
    'attic/humi 50.2',
    'attic/battery 90',
    'attic/dew_point_c 10.9',
    'attic/rssi -61',
  ])
})

it('a report without a reading, an implausible and a repeated packet, leaves none', () => {
  expect(collect(goveeReports(of(advertisement({ model: 'H5074' })), { destination: 'govee' }))).toEqual([])
})
