import { NEVER, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { Aht20Sensor } from '../../src/i2c/aht20Sensor.js'
import { payload } from '../../src/model.js'
import { allOf } from '../ble/allOf.js'
import { kernelFiles } from '../support/kernelFiles.js'
import { quietLog } from '../support/quietLog.js'

const firstOf = async (Path: string, more: Readonly<Record<string, string>> = {}) => {
  const parameters = { Poll: '0.1', HumiDest: 'humidity', TempDest: 'temperature' }
  const options = Aht20Sensor.options.parse({ ...parameters, Path, ...more })
  const sensor$ = Aht20Sensor.create(options, { section: 'S', log: quietLog(), advertisements$: NEVER })
  const readings = await allOf(sensor$.pipe(take(2)))
  return readings.map((reading) => `${reading.destination} ${payload(reading)}`)
}

describe('Aht20Sensor', () => {
  const files = {
    'hwmon0/name': 'cpu_thermal\n',
    'hwmon1/name': 'aht20\n',
    'hwmon1/temp1_input': '21536\n',
    'hwmon1/humidity1_input': '48312\n',
  }

  it('reports temperature and humidity of the only sensor there can be', async () => {
    const { root } = kernelFiles(files)
    expect(await firstOf(root)).toEqual(['temperature 21.536', 'humidity 48.312'])
  })

  it('reports as many digits as asked', async () => {
    const { root } = kernelFiles(files)
    expect(await firstOf(root, { TempDecimals: '2', HumDecimals: '0' })).toEqual([
      'temperature 21.54',
      'humidity 48',
    ])
  })

  it('reports both as one, in the words of the Python program', async () => {
    const { root } = kernelFiles(files)
    const texts = { Poll: '0.1', Destination: 'climate', TempUnit: 'F', TempDecimals: '1', Path: root }
    const options = Aht20Sensor.options.parse(texts)
    const sensor$ = Aht20Sensor.create(options, { section: 'S', log: quietLog(), advertisements$: NEVER })
    const climate = {
      destination: 'climate',
      value: '{"temperature": 70.8, "temperature_unit": "F", "humidity": 48.312}',
    }
    expect(await allOf(sensor$.pipe(take(2)))).toEqual([climate, climate])
  })

  it.each([
    [{ HumiDest: 'h' }, ['TempDest']],
    [{}, ['TempDest', 'HumiDest']],
    [{ Destination: 'a', TempDest: 't' }, ['Destination']],
  ])('must know where to report: %j', (texts, faulty) => {
    const { error } = Aht20Sensor.options.safeParse({ Poll: '1', ...texts })
    expect(error?.issues.map(({ path }) => path[0])).toEqual(faulty)
  })

  it('says how to get a sensor that the kernel does not know', async () => {
    const { root } = kernelFiles({ 'hwmon0/name': 'cpu_thermal\n' })
    await expect(firstOf(root)).rejects.toThrow('echo aht20 0x38')
  })
})
