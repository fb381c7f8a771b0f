import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { classes } from '../../src/config/classes.js'
import { withRoutes } from '../../src/config/dottedRoutes.js'
import { type IniSection, parseIni } from '../../src/config/ini.js'
import { isYaml } from '../../src/config/load.js'
import { routesBasis } from '../../src/config/routes.js'
import { toIni } from '../../src/config/toIni.js'
import { toYaml } from '../../src/config/toYaml.js'
import { parseYaml } from '../../src/config/yamlSections.js'
import { check, checkYaml } from './check.js'

const folder = new URL('../../config/examples/', import.meta.url)
const examples = readdirSync(folder).map(
  (name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const,
)

const ini = async (text: string) => (await toIni(text, classes)).text
const yaml = async (text: string) => (await toYaml(text, classes)).text

/** What is wrong with a file, but the certificates that are not there. */
const errorsIn = async (text: string, isYamlText: boolean) =>
  (await (isYamlText ? checkYaml : check)(text, { classes })).filter((problem) =>
    /error: (?!.* cannot be read from the file)/.test(problem),
  )

/** What the sections of a file say, however they say it. */
async function meaning(text: string, isYamlText: boolean) {
  const { sections } = isYamlText
    ? await parseYaml(text, 'warning')
    : await withRoutes(parseIni(text), 'warning', { env: {}, folder: '.' })
  const names = sections
    .filter(({ name }) => name.startsWith('Connection'))
    .map(({ options }) => options.find(({ key }) => key === 'Name')?.value)
  const said = ({ options, routes }: IniSection) => {
    const texts = options.map(({ key, as = key, value }) => [as.toLowerCase(), value.replaceAll(', ', ',')])
    const { connection, maxsize, numfiles, ...others } = Object.fromEntries(texts) as Record<string, string>
    return {
      ...others,
      // What an ini file means where it says nothing, and what does not matter where no file is logged to.
      ...(connection !== names.join(',') && { connection }),
      ...('file' in others && { maxsize, numfiles }),
      ...(others['str-format'] === 'CLOCK' && { 'str-format': undefined }),
      routes: routes && routesBasis({ ...routes, added: [], hidden: [] }),
    }
  }
  return Object.fromEntries(sections.map((section) => [section.name, said(section)]))
}

describe('convert', () => {
  it.each(examples)('says the same in the other language, and in its own again: %s', async (name, text) => {
    const isYamlText = isYaml(name)
    const [there, back] = isYamlText ? [ini, yaml] : [yaml, ini]
    const other = await there(text)
    const again = await back(other)
    expect(await errorsIn(other, !isYamlText)).toEqual([])
    expect(await errorsIn(again, isYamlText)).toEqual([])
    expect(await meaning(await there(again), !isYamlText)).toEqual(await meaning(other, !isYamlText))
    // Several devices in one section are several sections in the other language.
    if (name !== 'ble-sensor.ini')
      expect(await meaning(again, isYamlText)).toEqual(await meaning(text, isYamlText))
  })

  it('writes YAML that the Python program reads as it is meant, and comments where they stand', async () => {
    const text = [
      '# The house.\n\n; Two lines.\n[DEFAULT]\npoll = 30\nlevel = DEBUG\nconnection = mq',
      '[Connection1]\nClass = mqtt.mqtt_conn.MqttConnection\nName = mq\nClient = 0123\nUser =\npassword = a: b #c\n# Often.\nHost = localhost\nPort = 1883\nKeepalive = 10\nRootTopic = r',
      '[Connection2]\nClass = local.local_conn.LocalConnection\nName = NO\nOnGt = 3\nLevel = INFO',
      '[SensorDoor]\nclass = gpio.rpi_gpio.RpiGpioSensor\npin = 17\nVALUES = OFF,ON\nDestination = 12:30\nRetain = true\nSendReadings = YES',
      '[SensorWho]\nClass = network.arp_sensor.ArpSensor\nMac = 10:20:30:40:50:59\nDestination = who\nConnection = mq, NO',
    ].join('\n')
    expect(await yaml(text)).toBe(`Logging:
  Syslog: no
  File: ''

# The house.

# Two lines.
DEFAULT:
  Poll: 30
  Level: DEBUG

Connection1:
  Class: mqtt.mqtt_conn.MqttConnection
  Name: mq
  Client: '0123'
  User: ''
  Password: 'a: b #c'
  # Often.
  Host: localhost
  Port: 1883
  Keepalive: 10
  RootTopic: r
  Level: DEBUG

Connection2:
  Class: local.local_conn.LocalConnection
  Name: 'NO'
  OnGT: 3
  Level: INFO

SensorDoor:
  Class: gpio.rpi_gpio.RpiGpioSensor
  Pin: 17
  Values: [ 'ON', 'OFF' ]
  Connections:
    mq:
      Switch: { StateDest: '12:30', Retain: true }
      SwitchStatus: { StateDest: 12:30/status, Retain: true }
      ConnectionOnReconnect: { SendReadings: YES }

SensorWho:
  Class: network.arp_sensor.ArpSensor
  MAC: '10:20:30:40:50:59'
  Connections:
    mq: { StateDest: who }
    'NO': { StateDest: who }
`)
  })

  it('says with plain topics what they say, and with routes the rest', async () => {
    const sections = [
      'Connection1: {Class: mqtt.mqtt_conn.MqttConnection, Name: mq, Password: "${file:mq.password}"}',
      'Connection2: {Class: openhab_rest.rest_conn.OpenhabREST, Name: oh}',
      'SensorSame: {Class: exec.exec_sensor.ExecSensor, Script: date, Connections: {mq: {StateDest: Date, Retain: yes}, oh: {Item: Date}}}',
      'SensorWho: {Class: bt.btle_sensor.BtleSensor, Values: [here, away], Address1: "00:11:22:33:44:55", Connections: {mq: {Destination1: {StateDest: who}}}}',
      'ActuatorSay: {Class: exec.exec_actuator.ExecActuator, Command: echo, Connections: {mq: {CommandSrc: say, StateDest: said}}}',
      'ActuatorLamp: {Class: gpio.rpi_gpio.RpiGpioActuator, Pin: 4, Connections: {mq: {CommandSrc: set, StateDest: is}}}',
      'ActuatorEcho: {Class: gpio.rpi_gpio.RpiGpioActuator, Pin: 5, Connections: {mq: {CommandSrc: a, StateDest: a}}}',
      'ActuatorMute: {Class: gpio.rpi_gpio.RpiGpioActuator, Pin: 6, Connections: {mq: {CommandSrc: b}, oh: {Item: B}}}',
    ]
    expect(await ini(sections.join('\n'))).toBe(`[Connection1]
Class = mqtt.mqtt_conn.MqttConnection
Name = mq
Password = \${file:mq.password}

[Connection2]
Class = openhab_rest.rest_conn.OpenhabREST
Name = oh

[SensorSame]
Class = exec.exec_sensor.ExecSensor
Script = date
Destination.mq = Date
Destination.mq.Retain = yes
Item.oh = Date

[SensorWho]
Class = bt.btle_sensor.BtleSensor
Address1 = 00:11:22:33:44:55
Values = here, away
Destination1 = who
Connection = mq

[ActuatorSay]
Class = exec.exec_actuator.ExecActuator
Command = echo
CommandSrc = say
ResultsDest = said
Connection = mq

[ActuatorLamp]
Class = gpio.rpi_gpio.RpiGpioActuator
Pin = 4
CommandSrc = set
StateDest = is
Connection = mq

[ActuatorEcho]
Class = gpio.rpi_gpio.RpiGpioActuator
Pin = 5
CommandSrc = a
Connection = mq

[ActuatorMute]
Class = gpio.rpi_gpio.RpiGpioActuator
Pin = 6
CommandSrc.mq = b
Item.oh = B
`)
  })

  it('keeps comments above routes, and at the end of the file', async () => {
    const sensor = '[SensorA]\nClass = exec.exec_sensor.ExecSensor'
    const there = await yaml(`# top\n${sensor}\n# route\nDestination.mq = a\n# end\n[Bluetooth]\n# last`)
    expect(there).toContain('    mq: { StateDest: a }\n  # route\n\n# end\nBluetooth:')
    expect(await ini('DEFAULT:\n  # all\n  Level: INFO\nConnection1: {Name: mq}')).toBe(
      '# all\n\n[Connection1]\nName = mq\n',
    )
    const back = await ini(there)
    expect(back).toMatch(/\n# top\n\[SensorA\]\n/)
    for (const comment of ['# top', '# route', '# end', '# last']) {
      expect(there.split(comment)).toHaveLength(2)
      expect(back.split(comment)).toHaveLength(2)
    }
  })

  it('says in a comment that openHAB has one Item for states and commands', async () => {
    const lamp = (connection: string) =>
      yaml(
        `[Connection1]\nClass = openhab_rest.rest_conn.OpenhabREST\nName = oh\n[ActuatorLamp]\nClass = exec.exec_actuator.ExecActuator\nCommand = echo\nCommandSrc = Lamp\nResultsDest = ${connection}`,
      )
    expect(await lamp('LampState')).toContain('# [ActuatorLamp] also sets the Item LampState over oh.')
    expect(await lamp('Lamp')).not.toContain('#')
  })

  it('says in a comment what cannot be said', async () => {
    const strangers = await yaml('[Sensor0]\nClass = govee.govee_sensor.GoveeSensor\nDestination = govee')
    expect(strangers).toContain('# [Sensor0] reports whoever is in range. That cannot be said here')
    expect(strangers).not.toContain('\nSensor0')
    const device = await yaml(
      '[Connection1]\nName = mq\n[Sensor0]\nClass = ble.ble_sensor.BleSensor\nDestination = x\nAddress7 = a4:c1:38:11:22:33\nDestination7 = x/fridge\nKey7 = ${file:k}',
    )
    expect(device).toContain('# What else a device says goes by the name of its topic, such as co2')
    expect(device).toContain('\n  Address: a4:c1:38:11:22:33\n  Key: ${file:k}\n')
    const odd = await ini(
      "SensorA: {Class: exec.exec_sensor.ExecSensor, Script: ' date', Connections: {mq: {StateDest: ['a,b', c]}}}",
    )
    expect(odd).toBe(
      '[SensorA]\nClass = exec.exec_sensor.ExecSensor\n# cannot be said here: Script\n# cannot be said here: Destination.mq\n',
    )
  })
})
