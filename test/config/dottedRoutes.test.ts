import { describe, expect, it } from 'vitest'
import { classes } from '../../src/config/classes.js'
import { withRoutes } from '../../src/config/dottedRoutes.js'
import { parseIni } from '../../src/config/ini.js'
import { routesBasis } from '../../src/config/routes.js'
import { parseYaml } from '../../src/config/yamlSections.js'
import { check } from './check.js'

const connections = `[Connection1]
Class = mqtt.mqtt_conn.MqttConnection
Name = mq
Client = c
User = u
Password = p
Host = localhost
Port = 1883
Keepalive = 10
RootTopic = pi
[Connection2]
Class = local.local_conn.LocalConnection
Name = up.stairs
[Connection3]
Class = openhab_rest.rest_conn.OpenhabREST
Name = oh
URL = http://localhost:8080
RefreshItem = Refresh`

/** What is said of a section beside sound connections; its first line is 1. */
const said = async (section: string, strict = false) => {
  const lines = connections.split('\n').length
  const problems = await check(`${connections}\n${section}`, { classes, strict })
  return problems.map((problem) => problem.replace(/^\d+/, (line) => String(Number(line) - lines)))
}

const door = '[SensorDoor]\nClass = gpio.rpi_gpio.RpiGpioSensor\nPin = 17\n'
const bath = '[SensorBath]\nClass = gpio.dht_sensor.DhtSensor\nPoll = 60\nSensor = DHT22\nPin = 4\n'
const fridge = '[SensorFridge]\nClass = ble.ble_sensor.BleSensor\nAddress1 = a4:c1:38:11:22:33\n'
const lamp = '[ActuatorLamp]\nClass = gpio.rpi_gpio.RpiGpioActuator\nPin = 19\n'
const either = '[ActuatorEither]\nClass = local.local_logic.LogicOr\n'

const same: readonly [ini: string, connections: string, values?: string][] = [
  [
    `${bath}Temperature.mq = t\nTempDest.up.stairs = u\nHumiDest.mq = h`,
    'mq: {Temperature: {StateDest: t}, Humidity: {StateDest: h}}, up.stairs: {Temperature: {StateDest: u}}',
  ],
  [
    `${bath}TEMPERATURE.mq = t\nhumiDEST.mq = h\nRetain.mq = YES\nhumidity.mq.retain = NO`,
    'mq: {Temperature: {StateDest: t, Retain: yes}, Humidity: {StateDest: h, Retain: no}}',
  ],
  [
    `${bath}TemperatureStatus.mq = ok\nTemperature.mq = a, b\nTemperature.mq.QoS = 1`,
    'mq: {TemperatureStatus: {StateDest: ok}, Temperature: {StateDest: [a, b], QoS: 1}}',
  ],
  [
    `${door}Switch.mq = d\nDestination.oh = Door\nValues.mq = zu,auf\nValues = 0,1`,
    'mq: {Switch: {StateDest: d}}, oh: {Switch: {Item: Door}}',
    "{mq: ['auf', 'zu'], DEFAULT: ['1', '0']}",
  ],
  [
    `[DEFAULT]\nConnection = mq\nDestination = d\nValues = 0,1\n${door}Switch.up.stairs.StateDest = d`,
    'up.stairs: {Switch: {StateDest: d}}',
    "['1', '0']",
  ],
  [
    `${fridge}Temperature.mq = t\nprobe1/temp_c.mq = p\nCO2.mq = air\nStatus.mq = s`,
    'mq: {Temperature: {StateDest: t}, probe1/temp_c: {StateDest: p}, co2: {StateDest: air}, Status: {StateDest: s}}',
  ],
  [`${fridge}tempunit = f\nTemperature.mq = t`, 'mq: {temp_f: {StateDest: t}}'],
  [
    `${lamp}CommandSrc.mq = set\nStateDest.mq = is\nToggleCommandSrc.up.stairs = push\nCommandSrc.oh = Lamp`,
    'mq: {CommandSrc: set, StateDest: is}, up.stairs: {Toggle: {CommandSrc: push}}, oh: {Item: Lamp}',
  ],
  [
    `${lamp}CommandSrc.mq = set\nconnectiononreconnect.mq.resumelaststate = YES`,
    'mq: {CommandSrc: set, ConnectionOnReconnect: {ResumeLastState: yes}}',
  ],
  [
    `${either}Input.mq = a\nInputSrc.up.stairs = b, c\nOutput.up.stairs = x, y\nEnable.mq = e\nValues = zu,auf`,
    'mq: {Input: {CommandSrc: a}, Enable: {CommandSrc: e}}, up.stairs: {Input: {CommandSrc: [b, c]}, Output: {StateDest: [x, y]}}',
    '[auf, zu]',
  ],
]

describe('a section of an ini file with routes', () => {
  it.each(same)('has those of a YAML file: %s', async (ini, tree, values) => {
    const name = /^\[(Sensor|Actuator.*)(.*)\]$/m.exec(ini)?.[0].slice(1, -1) ?? ''
    const [, className = ''] = /^Class = (.*)$/m.exec(ini) ?? []
    const oh = 'Connection3: {Class: openhab_rest.rest_conn.OpenhabREST, Name: oh}'
    const address = ini.includes('Address1') ? "Address: 'a4:c1:38:11:22:33', " : ''
    const yaml = `${oh}\n${name}: {Class: ${className}, ${address}${values === undefined ? '' : `Values: ${values}, `}Connections: {${tree}}}`
    const [fromIni, fromYaml] = await Promise.all([
      withRoutes(parseIni(`${connections}\n${ini}`), 'warning', { env: {}, folder: '.' }),
      parseYaml(yaml, 'warning'),
    ])
    const [one, other] = [fromIni, fromYaml].map(({ sections, problems }) => ({
      problems: problems.filter(({ severity }) => severity === 'error'),
      routes: routesBasis(sections.find((section) => section.name === name)?.routes),
    }))
    expect(one?.problems).toEqual([])
    // What parameters there are differs, but not where they lead.
    const apart = { added: expect.anything() as unknown, hidden: expect.anything() as unknown }
    expect(one?.routes).toEqual({ ...(other?.routes as object), ...apart })
    expect(await said(ini)).toEqual([])
  })

  it.each([
    [
      `${bath}Temperature.mqq = t`,
      '6: error: [SensorBath] Temperature.mqq: expected the Name of a connection, got "mqq": did you mean mq? (known: "mq", "up.stairs", "oh")',
    ],
    [
      `${bath}Temperature.upstairs.Retain = YES`,
      '6: error: [SensorBath] Temperature.upstairs.Retain: expected the Name of a connection, got "upstairs": did you mean up.stairs? (known: "mq", "up.stairs", "oh")',
    ],
    [
      `${bath}Temprature.mq = t`,
      '6: warning: [SensorBath] Temprature.mq: unknown: did you mean Temperature?',
    ],
    [
      `${bath}Humidity.mq = h\nTemprature.mq = t`,
      '7: warning: [SensorBath] Temprature.mq: unknown: did you mean Temperature?',
    ],
    [
      `${bath}Temperature.mq.Retan = YES\nTemperature.mq = t`,
      '6: warning: [SensorBath] Temperature.mq.Retan: unknown parameter, did you mean Retain?',
    ],
    [
      `${bath}Temperature.mq = a/#`,
      '6: error: [SensorBath] Temperature.mq: expected a topic below RootTopic, got "a/#": + and # are wildcards, which only a subscriber may use',
    ],
    [
      `${bath}Temperature.mq = t\nHumiDest = h`,
      '7: error: [SensorBath] HumiDest: expected HumiDest.NAME for each connection, beside Temperature.mq',
    ],
    [
      `${bath}Temperature.mq = t\nConnection = mq`,
      '7: error: [SensorBath] Connection: expected none beside Temperature.mq, which names a connection behind its dot',
    ],
    [
      `${bath}Temperature.mq = t\nTempDest.mq = u`,
      '7: error: [SensorBath] TempDest.mq: says the same as Temperature.mq: remove one of them',
    ],
    [
      `${bath}Temperature.oh = an item`,
      '6: error: [SensorBath] Temperature.oh: expected the name of an Item, of letters, digits and _, got "an item"',
    ],
    [
      `${bath}Retain.mq = YES`,
      '6: error: [SensorBath] Retain.mq: expected it one level deeper, below what is meant: Temperature, Humidity, TemperatureStatus, HumidityStatus',
    ],
    [
      `${door}Switch.mq = d\nValues.mq = open`,
      '5: error: [SensorDoor] Values: expected two texts with a comma between them, got something else',
    ],
    [
      `${door}Switch.mq = d\nValues.oh = 0,1`,
      '5: warning: [SensorDoor] oh: there is no such connection below Connections, known are mq, DEFAULT',
    ],
    [
      `${fridge}Temperature.mq = t\nBogus = 7`,
      '5: warning: [SensorFridge] Bogus: unknown parameter, known are Class, Level, HomeAssistant, Name, Area, QoS, Retain, Offline, Spool, SendReadings, NumberOfReadings, AddressX, OffsetX, Interval, OnChange, DeviceName, Brands, KeyX, MediumX, TempUnit',
    ],
    [`${door}Switch.mq = d\nPinn = 7`, '5: warning: [SensorDoor] Pinn: unknown parameter, did you mean Pin?'],
    [
      `${fridge}Temperature.mq = t\nAddress2 = a4:c1:38:11:22:34`,
      '5: error: [SensorFridge] Address2: expected Address1 alone: a section that says what goes where has one device',
    ],
    [
      `[SensorFridge]\nClass = ble.ble_sensor.BleSensor\nTemperature.mq = t`,
      '1: error: [SensorFridge] Address1: missing, it is required',
    ],
    [
      `${lamp}CommandSrc.mq = a\nConnectionOnReconnect.mq = ON`,
      '5: error: [ActuatorLamp] ConnectionOnReconnect.mq: expected parameters below it, got a single value',
    ],
    [
      `${either}Output.up.stairs = x`,
      '1: error: [ActuatorEither] Input: missing, it is required: Input.NAME of a connection, with one topic or several with commas between them',
    ],
  ])('cannot be used, or not as it is meant: %s', async (section, message) => {
    expect(await said(section)).toContainEqual(message)
  })

  it('is as severe about what nobody knows as is wanted', async () => {
    expect(await said(`${bath}Humidity.mq = h\nTemprature.mq = t`, true)).toContainEqual(
      '7: error: [SensorBath] Temprature.mq: unknown: did you mean Temperature?',
    )
  })

  it('is none, where a dot means nothing', async () => {
    expect(await said(`${bath}TempDest = t\nHumiDest = h\nfoo.bar = 1`)).toEqual([
      expect.stringMatching(/^8: warning: \[SensorBath\] foo\.bar: unknown parameter, /),
    ])
  })

  it('knows a connection whose Name the environment says', async () => {
    const secret = connections.replace('Name = oh', 'Name = ${env:PLACE}')
    const env = { PLACE: 'attic.Retain' }
    expect(await check(`${secret}\n${fridge}Temperature.attic.Retain = Degrees`, { classes, env })).toEqual(
      [],
    )
    expect(
      await check(`${secret}\n${fridge}Temperature.attic.Retain = a b`, { classes, env }),
    ).toContainEqual(expect.stringContaining('expected the name of an Item'))
  })
})
