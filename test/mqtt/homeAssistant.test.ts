import { writeFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { program, temporaryFile } from '../support/program.js'
import { scriptedHomeAssistant } from '../support/scriptedHomeAssistant.js'

const attic = 'a4:c1:38:11:22:33'

/** A line of a capture: an H5075. */
const packet = (temperature: number) =>
  JSON.stringify({
    ...{ address: attic, rssi: -61, localName: 'GVH5075_2233', serviceUuids: ['ec88'] },
    manufacturerData: `88ec00${(Math.round(temperature * 10) * 1000 + 502).toString(16).padStart(6, '0')}5a00`,
  })

const configuration = (port: number, root: string, ...sections: readonly (readonly string[])[]) =>
  [
    ...['[Bluetooth]', 'Expire = 3', '[Connection1]', 'Class = mqtt.mqtt_conn.MqttConnection'],
    ...['Name = MQTT', 'Client = test', 'User =', 'Password =', 'Host = 127.0.0.1', `Port = ${port}`],
    ...['Keepalive = 10', `RootTopic = ${root}`, 'Health = 0', 'HomeAssistant = YES'],
    ...sections.flat(),
  ].join('\n')

const thermometer = (name: string) => [
  ...['[Sensor1]', 'Class = govee.govee_sensor.GoveeSensor', 'Destination = govee'],
  ...[`Address1 = ${attic}`, `Destination1 = ${name}`],
]
const lamp = [
  ...['[Actuator1]', 'Class = exec.exec_actuator.ExecActuator', 'Command = true', 'CommandSrc = lamp'],
  ...['ResultsDest = lamp/result', 'StateDest = lamp/state', 'Area = Hall'],
]
const script = [
  ...['[Sensor2]', 'Class = exec.exec_sensor.ExecSensor', 'Script = echo 7', 'Poll = 60'],
  ...['Destination = load', 'Name = Load'],
]

/** What the program shows of itself: of a recorded radio there is no state. */
const itself = (root: string) => ({
  [`sensor-reporter ${root} Bluetooth`]: 'unknown',
  [`sensor-reporter ${root} Bluetooth state`]: 'unknown',
  [`sensor-reporter ${root} Connection`]: 'ONLINE',
  [`sensor-reporter ${root} Repeat readings`]: 'ready',
})
const climate = (name: string, temperature: string) => ({
  [`${name} battery`]: '90',
  [`${name} humidity`]: '50.2',
  [`${name} signal_strength`]: '-61',
  [`${name} temperature`]: temperature,
})
const switched = (state: string) => ({ lamp: state, 'lamp Result': state === 'unknown' ? 'unknown' : '' })
const unavailable = (table: object) =>
  Object.fromEntries(Object.keys(table).map((name) => [name, 'unavailable']))

describe.skipIf(mosquittoMissing)('What Home Assistant shows', () => {
  it('is what a person would expect, whoever is started, restarted, renamed or gone', async () => {
    const broker = await mosquitto({ lines: ['persistence false'] })
    await broker.start()
    const home = scriptedHomeAssistant(broker.port)
    const write = (text: string) => writeFileSync(file, text)
    const file = temporaryFile(
      'c.ini',
      configuration(broker.port, 'home', thermometer('kitchen'), lamp, script),
    )
    const steps: string[] = []
    const shows = async (step: string, ...tables: readonly object[]) => {
      const expected: unknown = Object.assign({}, ...tables)
      await vi.waitFor(() => expect(home.table()).toEqual(expected), { timeout: 15_000, interval: 50 })
      expect(home.refused).toEqual([])
      steps.push(`${step}: ${JSON.stringify(home.table())}`)
      if (process.env['SHOW']) console.log(steps.at(-1))
    }
    home.start()
    let daemon = program(['run', file, '--replay', '-'])
    /** The device is heard twice a second, until Home Assistant shows it. */
    const showsHeard = async (value: number, ...rest: Parameters<typeof shows>) => {
      const heard = setInterval(() => daemon.say(packet(value)), 500)
      await shows(...rest).finally(() => clearInterval(heard))
    }
    const load = { Load: '7' }

    await daemon.until(/connected/i)
    await showsHeard(21.7, 'start', itself('home'), climate('kitchen', '21.7'), switched('unknown'), load)
    const ids = home.ids()
    await shows('gone', itself('home'), unavailable(climate('kitchen', '')), switched('unknown'), load)
    await showsHeard(21.8, 'back', itself('home'), climate('kitchen', '21.8'), switched('unknown'), load)

    home.command('home/lamp', 'ON')
    await shows('switched', itself('home'), unavailable(climate('kitchen', '')), switched('ON'), load)

    home.stop()
    home.start()
    await shows(
      'Home Assistant restarted',
      itself('home'),
      unavailable(climate('kitchen', '')),
      switched('ON'),
      load,
    )
    await showsHeard(22, 'heard again', itself('home'), climate('kitchen', '22.0'), switched('ON'), load)
    expect(home.ids()).toEqual(ids)

    write(configuration(broker.port, 'home', thermometer('larder'), lamp))
    daemon.child.kill('SIGHUP')
    await vi.waitFor(() => expect(Object.keys(home.table())).not.toContain('Load'), { timeout: 10_000 })
    await showsHeard(
      22.1,
      'renamed, and a section removed',
      itself('home'),
      climate('larder', '22.1'),
      switched('ON'),
    )
    expect(home.ids()).toEqual(ids.filter((id) => !id.includes('load')))

    daemon.child.kill('SIGTERM')
    await daemon.exit
    const off = { 'sensor-reporter home Connection': 'OFFLINE' }
    await shows('stopped', unavailable({ ...itself('home'), ...climate('larder', ''), ...switched('') }), off)
    daemon = program(['run', file, '--replay', '-'])
    await daemon.until(/connected/i)
    await showsHeard(22.2, 'started again', itself('home'), climate('larder', '22.2'), switched('ON'))

    let known = daemon.lines.length
    await broker.kill()
    await broker.start()
    await daemon.until(/connected/i, known)
    await showsHeard(22.3, 'broker restarted', itself('home'), climate('larder', '22.3'), switched('ON'))
    expect(home.ids()).toEqual(ids.filter((id) => !id.includes('load')))

    write(configuration(broker.port, 'house', thermometer('larder'), lamp))
    known = daemon.lines.length
    daemon.child.kill('SIGHUP')
    await daemon.until(/connected/i, known)
    await showsHeard(
      22.4,
      'another root topic',
      itself('house'),
      climate('larder', '22.4'),
      switched('unknown'),
    )

    write(
      configuration(broker.port, 'house', thermometer('larder'), lamp).replace(
        'HomeAssistant = YES',
        'HomeAssistant = NO',
      ),
    )
    daemon.child.kill('SIGHUP')
    await shows('not told any more')
  }, 120_000)
})
