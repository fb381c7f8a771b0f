import { describe, expect, it } from 'vitest'
import { btleSensor, SimpleBtSensor } from '../../src/ble/presence.js'
import { advertisementOf } from './advertisementOf.js'
import { marbles } from '../../src/testing/marbles.js'
import { sectionProblems } from '../support/sectionProblems.js'
import { undescribed } from '../support/undescribed.js'

const packets = {
  p: advertisementOf({ address: 'AA:BB:CC:DD:EE:FF' }),
  w: advertisementOf({ address: '11:22:33:44:55:66' }),
  s: advertisementOf({ address: '00:00:00:00:00:01' }),
}
const said = {
  a: { destination: 'phone', value: 'ON' },
  b: { destination: 'phone', value: 'OFF' },
  c: { destination: 'watch', value: 'ON' },
  d: { destination: 'watch', value: 'OFF' },
}
const devices = [
  ['aa:bb:cc:dd:ee:ff', 'phone'],
  ['11-22-33-44-55-66', 'watch'],
] as const

describe('btleSensor', () => {
  it('reports each device by itself, on one scan, and no stranger', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const advertisements$ = hot('-p-w-p-s-s-----', packets)
      const listen = '             ^-------------!'
      const expected = '           -a-c---d-b-----'
      expectObservable(btleSensor(advertisements$, { devices, within: 4 }).pipe(undescribed), listen).toBe(
        expected,
        said,
      )
      expectSubscriptions(advertisements$.subscriptions).toBe(listen)
    }))

  it('says the words it is given', () =>
    marbles(({ hot, expectObservable }) => {
      const sensor$ = btleSensor(hot('-p------', packets), {
        devices: [['aa:bb:cc:dd:ee:ff', 'phone']],
        within: 3,
        values: ['home', 'away'],
      })
      expectObservable(sensor$.pipe(undescribed)).toBe('-h--w---', {
        h: { destination: 'phone', value: 'home' },
        w: { destination: 'phone', value: 'away' },
      })
    }))

  it('fails with the radio', () =>
    marbles(({ hot, expectObservable }) => {
      expectObservable(btleSensor(hot('-p-#', packets), { devices, within: 9 }).pipe(undescribed)).toBe(
        '-a-#',
        said,
      )
    }))
})

const problemsOf = (...lines: string[]) => sectionProblems('[Sensor1]', ...lines)

describe('the parameters of BtleSensor', () => {
  const sensor = 'Class = bt.btle_sensor.BtleSensor'

  it('are those that files have', async () => {
    expect(
      await problemsOf(
        ...[sensor, 'Poll = 10', 'Timeout = 9', 'Values = ON,OFF', 'Level = DEBUG'],
        ...['Address1 = aa:bb:cc:dd:ee:ff', 'Destination1 = dev1'],
        ...['Address2 = 11:22:33:44:55:66', 'Destination2 = dev2'],
      ),
    ).toEqual([])
  })

  it.each([
    [['Timeout = 9'], 'Address1 and Destination1 are missing'],
    [['Timeout = 9', 'Address1 = aa:bb:cc:dd:ee:ff'], 'Destination1 is missing'],
    [['Address1 = aa:bb:cc:dd:ee:ff', 'Destination1 = d'], 'Timeout'],
    [
      ['Timeout = 9', 'Address1 = aa:bb:cc:dd:ee:ff', 'Destination1 = d', 'Values = YES'],
      'expected two texts with a comma between them, got "YES"',
    ],
  ])('say what is wrong with %j', async (lines, message) => {
    expect(await problemsOf(sensor, ...lines)).toEqual([expect.stringContaining(message)])
  })
})

describe('the parameters of SimpleBtSensor', () => {
  const sensor = 'Class = bt.btscan_sensor.SimpleBtSensor'
  const listens = expect.stringContaining('it listens to their Low Energy advertisements') as string

  it.each([
    [['Address = aa:bb:cc:dd:ee:ff', 'Destination = dev1']],
    [['Address1 = aa:bb:cc:dd:ee:ff', 'Destination1 = dev1']],
  ])('may be %j, with a note that it listens only', async (lines) => {
    expect(await problemsOf(sensor, 'Poll = 26', ...lines)).toEqual([listens])
  })

  it.each([
    [['Address = aa:bb:cc:dd:ee:ff'], 'Destination is missing'],
    [['Destination = dev1'], 'Address is missing'],
    [[], 'Address1 and Destination1 are missing'],
  ])('say what is wrong with %j', async (lines, message) => {
    const problems = await problemsOf(sensor, 'Poll = 26', ...lines)
    expect(problems).toHaveLength(2)
    expect(problems).toContainEqual(expect.stringContaining(message))
  })

  it('count silence by Poll', () =>
    marbles(({ hot, expectObservable }) => {
      const options = SimpleBtSensor.options.parse({
        Poll: '1',
        Address: 'aa:bb:cc:dd:ee:ff',
        Destination: 'phone',
      })
      const advertisements$ = hot('-p', packets)
      const sensor$ = SimpleBtSensor.create(options, { section: 'S', log: console, advertisements$ })
      expectObservable(sensor$.pipe(undescribed)).toBe('-a 999ms b', said)
    }))
})
