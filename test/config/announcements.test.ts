import { describe, expect, it } from 'vitest'
import { classes } from '../../src/config/classes.js'
import { load } from '../../src/config/load.js'
import { recordedLog } from '../support/recordedLog.js'
import { check } from './check.js'
import { environment } from './dummies.js'

const connection = (n: number, ...lines: readonly string[]) => [
  ...[`[Connection${n}]`, 'Class = mqtt.mqtt_conn.MqttConnection', `Name = MQTT${n}`, `Client = test${n}`],
  ...['User =', 'Password =', 'Host = localhost', 'Port = 1883', 'Keepalive = 60', ...lines],
]
const told = ['RootTopic = home', 'HomeAssistant = YES']
const script = (n: number, destination: string, ...lines: readonly string[]) => [
  ...[`[Sensor${n}]`, 'Class = exec.exec_sensor.ExecSensor', 'Script = true', 'Poll = 9'],
  ...[`Destination = ${destination}`, ...lines],
]
const lamp = (n: number, ...lines: readonly string[]) => [
  ...[`[Actuator${n}]`, 'Class = exec.exec_actuator.ExecActuator', 'Command = true', 'CommandSrc = lamp'],
  ...['ResultsDest = lamp/result', 'Connection = MQTT1', ...lines],
]
const govee = (n: number, ...lines: readonly string[]) => [
  ...[`[Sensor${n}]`, 'Class = govee.govee_sensor.GoveeSensor', 'Destination = govee', ...lines],
]
const kitchen = ['Address1 = a4:c1:38:11:22:33', 'Destination1 = kitchen']
const attic = ['Address2 = a4:c1:38:11:22:44', 'Destination2 = attic']

const problems = (...sections: readonly (readonly string[])[]) =>
  check(sections.flat().join('\n'), { classes })

describe('A check of what Home Assistant is told', () => {
  it('finds nothing where everything has its own identity, and words that are heard', async () => {
    expect(
      await problems(
        connection(1, ...told),
        script(1, 'load', 'Name = Load', 'Area = Hall'),
        script(2, 'lo/ad', 'HomeAssistant = NO'),
        govee(3, ...kitchen, 'Name = Kitchen'),
        govee(4, 'Area = House'),
        lamp(1, 'Name = Lamp'),
      ),
    ).toEqual([])
  })

  it('finds sections that are one device there, whichever parameters say so', async () => {
    const found = await problems(
      connection(1, ...told),
      lamp(1),
      script(1, 'lamp'),
      govee(2, ...kitchen, ...attic),
      govee(3, ...kitchen, ...attic),
    )
    expect(found).toEqual([
      expect.stringMatching(
        /^18: warning: \[Sensor1\] Home Assistant could not tell its device from that of \[Actuator1\] \(line 12\)/,
      ),
      expect.stringMatching(/\[Sensor3\] .*from that of \[Sensor2\].*HomeAssistant = NO in one of them$/),
    ])
  })

  it('takes no offence where one of them is not shown, or goes another way', async () => {
    expect(await problems(connection(1, ...told), lamp(1), script(1, 'lamp', 'HomeAssistant = NO'))).toEqual(
      [],
    )
    expect(
      await problems(
        connection(1, ...told),
        connection(2, 'RootTopic = house', 'HomeAssistant = YES'),
        lamp(1),
        script(1, 'lamp', 'Connection = MQTT2'),
      ),
    ).toEqual([])
  })

  it('finds two connections that are one device there, and a section that is the device of a connection', async () => {
    const again = connection(2, ...told)
    expect(await problems(connection(1, ...told), again, script(1, 'load'))).toEqual([
      expect.stringMatching(
        /\[Connection2\] RootTopic: .*from that of \[Connection1\] \(line 1\): choose another RootTopic$/,
      ),
    ])
    const longer = ['RootTopic = home_load', 'HomeAssistant = YES']
    expect(
      await problems(connection(1, ...told), connection(2, ...longer), script(1, 'load')),
    ).toContainEqual(expect.stringMatching(/could not tell its device from that of/))
    const elsewhere = connection(2, ...told).map((line) => line.replace('localhost', 'other.example'))
    expect(await problems(connection(1, ...told), elsewhere, script(1, 'load'))).toEqual([])
  })

  it('finds words that nobody hears', async () => {
    expect(
      await problems(
        connection(1, 'RootTopic = home'),
        script(1, 'load', 'Name = Load', 'Area = Hall'),
        script(2, 'own', 'HomeAssistant = NO'),
      ),
    ).toEqual([
      expect.stringContaining('[Sensor1] Name: no effect: none of its connections says HomeAssistant = YES'),
      expect.stringContaining('[Sensor1] Area: no effect'),
      expect.stringContaining('[Sensor2] HomeAssistant: no effect'),
    ])
    expect(
      await problems(connection(1, ...told), script(1, 'load', 'Name = Load', 'HomeAssistant = NO')),
    ).toEqual([expect.stringContaining('[Sensor1] Name: no effect: the section says HomeAssistant = NO')])
  })

  it('leaves words alone that a connection of another kind may hear', async () => {
    const page = ['[Connection2]', 'Class = web.web_conn.WebConnection', 'Name = page']
    const named = govee(1, ...kitchen, ...attic, 'Name = Air', 'Connection = MQTT1, page')
    const found = await problems(connection(1, ...told), page, named, script(2, 'load', 'Connection = page'))
    expect(found.filter((line) => line.includes('no effect'))).toEqual([])
  })

  it('finds a class that is nothing without a unit', async () => {
    const found = await problems(
      connection(1, ...told),
      script(1, 'a', 'DeviceClass = temperature'),
      script(2, 'b', 'DeviceClass = temperature', 'Unit = °C'),
      script(3, 'c', 'DeviceClass = aqi'),
      script(4, 'd', 'DeviceClass = temperature', 'HomeAssistant = NO'),
    )
    expect(found).toEqual([expect.stringContaining('[Sensor1] DeviceClass: expected Unit beside it')])
  })

  it.each([
    ['several devices', [...kitchen, ...attic]],
    ['all in range', []],
  ])('finds the name of one device for %s', async (_, addresses) => {
    expect(await problems(connection(1, ...told), govee(1, ...addresses, 'Name = Air'))).toEqual([
      expect.stringContaining('[Sensor1] Name: no effect: the section has several devices'),
    ])
  })

  it('finds a unit that a class does not have', async () => {
    const found = await problems(
      connection(1, ...told),
      script(1, 'a', 'DeviceClass = temperature', 'Unit = C'),
      script(2, 'b', 'DeviceClass = pm25', 'Unit = \u03bcg/m³'),
      script(3, 'c', 'DeviceClass = water', 'Unit = m³'),
      script(4, 'd', 'DeviceClass = of_tomorrow', 'Unit = x'),
      script(5, 'e', 'DeviceClass = pm25', 'Unit = ug/m3', 'HomeAssistant = NO'),
    )
    expect(found).toEqual([
      expect.stringMatching(
        /\[Sensor1\] Unit: expected °C, °F, K for DeviceClass = temperature, got "C": Home Assistant shows nothing/,
      ),
    ])
  })

  it.each([
    [
      'YES',
      [expect.stringMatching(/^warn: the embedded broker speaks MQTT 3\.1\.1 only, and Home Assistant/)],
    ],
    ['NO', []],
  ])('HomeAssistant = %s beside the embedded broker', async (word, expected) => {
    const { log, lines } = recordedLog()
    const text = connection(1, 'RootTopic = home', `HomeAssistant = ${word}`).join('\n')
    const { broker } = await load(text, { ...environment, classes })
    if (!broker) throw new Error('expected a broker')
    // Before it listens.
    broker(log).subscribe().unsubscribe()
    expect(lines).toEqual(expected)
  })
})
