import { NEVER, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { DhtSensor } from '../../src/gpio/dhtSensor.js'
import { payload } from '../../src/model.js'
import { allOf } from '../ble/allOf.js'
import { kernelFiles } from '../support/kernelFiles.js'
import { quietLog } from '../support/quietLog.js'

/** The device tree's `gpios`: phandle, pin, flags. */
const gpios = (pin: number) => Uint8Array.from([0, 0, 0, 7, 0, 0, 0, pin, 0, 0, 0, 0])

const device = (folder: string, name: string, pin: number, temperature: string, humidity: string) => ({
  [`${folder}/name`]: `${name}\n`,
  [`${folder}/of_node/gpios`]: gpios(pin),
  [`${folder}/in_temp_input`]: `${temperature}\n`,
  [`${folder}/in_humidityrelative_input`]: `${humidity}\n`,
})

const sensor = (Path: string, more: Readonly<Record<string, string>> = {}) => {
  const parameters = { Poll: '2', Sensor: 'AM2302', Pin: '7', HumiDest: 'humidity', TempDest: 'temperature' }
  const options = DhtSensor.options.parse({ ...parameters, Path, ...more })
  return DhtSensor.create(options, { section: 'Sensor1', log: quietLog(), advertisements$: NEVER })
}

const firstOf = async (path: string, more?: Readonly<Record<string, string>>) =>
  (await allOf(sensor(path, more).pipe(take(2)))).map(
    (reading) => `${reading.destination} ${payload(reading)}`,
  )

describe('DhtSensor', () => {
  it('reports temperature and humidity of the sensor on its pin', async () => {
    const { root } = kernelFiles({
      'iio:device0/name': 'mcp3008\n',
      ...device('iio:device1', 'dht11@4', 4, '30000', '40000'),
      ...device('iio:device2', 'dht11@7', 7, '21500', '48300'),
    })
    expect(await firstOf(root)).toEqual(['temperature 21.5', 'humidity 48.3'])
  })

  it('takes the only sensor where the device tree says no pin', async () => {
    const { root } = kernelFiles({
      'iio:device0/name': 'dht11\n',
      'iio:device0/in_temp_input': '-4400\n',
      'iio:device0/in_humidityrelative_input': '99900\n',
    })
    expect(await firstOf(root)).toEqual(['temperature -4.4', 'humidity 99.9'])
  })

  it('reports Fahrenheit when asked', async () => {
    const { root } = kernelFiles(device('iio:device0', 'dht11', 7, '21500', '48300'))
    expect(await firstOf(root, { TempUnit: 'f' })).toEqual(['temperature 70.7', 'humidity 48.3'])
  })

  it('takes a frame of zeros for none: a wire that nobody drives says the same', async () => {
    const { root } = kernelFiles(device('iio:device0', 'dht11', 7, '0', '0'))
    await expect(firstOf(root, { Poll: '0.1' })).rejects.toThrow(
      'nothing but zeros: has it power, and is its data wire connected?',
    )
  })

  it('takes a temperature of zero for one', async () => {
    const { root } = kernelFiles(device('iio:device0', 'dht11', 7, '0', '48300'))
    expect(await firstOf(root)).toEqual(['temperature 0.0', 'humidity 48.3'])
  })

  it('says how to get a sensor that the kernel does not know', async () => {
    const { root } = kernelFiles(device('iio:device0', 'dht11', 4, '21500', '48300'))
    await expect(firstOf(root, { Poll: '0.1' })).rejects.toThrow(
      'no DHT sensor on GPIO 7: add dtoverlay=dht11,gpiopin=7 to /boot/firmware/config.txt',
    )
  })

  it.each([
    ['temperature', '200000', '48300', 'expected -40 to 125 °C, got 200 °C'],
    ['humidity', '21500', '120000', 'expected 0 to 100 %, got 120 %'],
    ['text', 'hot', '48300', 'expected a whole number'],
  ])('fails when a %s out of range does not mend', async (_, temperature, humidity, message) => {
    const { root } = kernelFiles(device('iio:device0', 'dht11', 7, temperature, humidity))
    await expect(firstOf(root, { Poll: '0.1' })).rejects.toThrow(message)
  })
})
