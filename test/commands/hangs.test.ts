import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { program, temporaryFile } from '../support/program.js'
import { temporaryFolder } from '../support/temporaryFolder.js'
import { kernelFiles } from '../support/kernelFiles.js'
import { mqttSection } from '../exec/mqttSection.js'

/** A file that nobody ever writes: opening it waits for ever in a thread, as a read of a broken bus does. */
function hungFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  execFileSync('mkfifo', [path])
}

const thermometers = (root: string, devices: readonly string[]) =>
  devices.map(
    (device, index) => `
[Sensor${index + 1}]
Class = one_wire.ds18x20_sensor.Ds18x20Sensor
Mac = ${device}
Poll = 1
Destination = outside${index + 1}
Path = ${root}
`,
  )

describe.skipIf(mosquittoMissing)('reads that never return', () => {
  it('silence their own bus, and neither another sensor nor a broker nor the stop', async () => {
    const devices = ['28-000000000001', '28-000000000002', '28-000000000003', '28-000000000004']
    const root = temporaryFolder()
    for (const device of devices) hungFile(join(root, device, 'w1_slave'))
    const { root: iio } = kernelFiles({
      'iio:device0/name': 'dht11@4',
      'iio:device0/in_temp_input': '21500',
      'iio:device0/in_humidityrelative_input': '48000',
    })
    const broker = await mosquitto()
    await broker.start()
    const first = await listener(broker.port)
    const file = temporaryFile(
      'hung.ini',
      `${mqttSection(broker.port).replace('127.0.0.1', 'localhost')}
[Sensor0]
Class = gpio.dht_sensor.DhtSensor
Pin = 4
Sensor = DHT11
Poll = 0.2
TempDest = inside
HumiDest = moist
Path = ${iio}
${thermometers(root, devices).join('')}`,
    )
    const { child, exit, until } = program(['run', file])
    await first.until('root/inside 21.5')
    await broker.kill()
    await broker.start()
    const again = await listener(broker.port)
    await again.until('root/inside 21.5')
    await until(
      /Sensor1: the 1-Wire bus .* does not answer: a read has hung for 10 s, .* reboot\. Trying again/,
    )
    const asked = performance.now()
    child.kill('SIGTERM')
    expect(await exit).toBe(0)
    // The contract's bound, not a measurement.
    expect(performance.now() - asked).toBeLessThan(5000)
  })
})
