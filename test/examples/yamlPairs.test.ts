import { connectAsync } from 'mqtt'
import { describe, expect, it, onTestFinished } from 'vitest'
import { classes } from '../../src/config/classes.js'
import { toIni } from '../../src/config/toIni.js'
import { toYaml } from '../../src/config/toYaml.js'
import { advertisement } from '../../src/testing/advertisement.js'
import { journal } from '../support/journal.js'
import { kernelFiles } from '../support/kernelFiles.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { runConfig } from '../support/runExample.js'

/** A section as YAML, as the nearest ini of plain topics, and as ini with routes: the last says what the first does. */
interface Pair {
  readonly yml: string
  readonly ini: string
  readonly routes: string
}

const languages = [
  'yml',
  'ini',
  'routes',
  'yml made of ini',
  'ini made of yml',
  'yml made of routes',
] as const

type Language = (typeof languages)[number]

const isPlain = (language: Language) => /ini$/.test(language)

/** A broker, and what is published on it below `r/`, but what the program says of itself; `!` stands before what it retains. */
async function brokerWithEar() {
  const broker = await mosquitto()
  await broker.start()
  const all = journal<string>()
  const ear = await connectAsync({ host: '127.0.0.1', port: broker.port, reconnectPeriod: 50 })
  ear.on('error', () => undefined)
  onTestFinished(() => ear.endAsync(true))
  ear.on('message', (topic, payload) => all.add(`${topic.slice(2)} ${payload.toString()}`))
  await ear.subscribeAsync('r/#', { qos: 1 })
  const retained = async () => {
    const kept: string[] = []
    const late = await connectAsync({ host: '127.0.0.1', port: broker.port })
    late.on('message', (topic, payload) => kept.push(`${topic.slice(2)} ${payload.toString()}`))
    await late.subscribeAsync('r/#', { qos: 1 })
    // What it retains comes before what is answered after it.
    await late.subscribeAsync('other', { qos: 1 })
    await late.endAsync()
    return kept.filter(isReading)
  }
  return {
    ...broker,
    until: all.until,
    retained,
    give: (topic: string, payload: string) => ear.publishAsync(`r/${topic}`, payload, { qos: 1 }),
    /** What has been heard when a message of our own comes back. */
    said: async () => {
      await ear.publishAsync('r/marker', 'end', { qos: 1 })
      await all.until((message) => message === 'marker end')
      return all.entries.filter((message) => isReading(message))
    },
  }
}

const isReading = (message: string) => !/^(status|bluetooth|health|marker) /.test(message)

/** Two brokers, which the sections call mq and other, and a local connection. */
async function twoBrokers(language: Language, sections: Pair) {
  const [mq, other] = [await brokerWithEar(), await brokerWithEar()]
  const connection = (name: string, port: number) => ({
    Class: 'mqtt.mqtt_conn.MqttConnection',
    Name: name,
    Client: name,
    User: '',
    Password: '',
    Host: '127.0.0.1',
    Port: port,
    Keepalive: 10,
    RootTopic: 'r',
  })
  const connections = {
    Connection1: connection('mq', mq.port),
    Connection2: connection('other', other.port),
    Connection3: { Class: 'local.local_conn.LocalConnection', Name: 'here' },
  }
  const ini = Object.entries(connections).map(([name, keys]) =>
    [`[${name}]`, ...Object.entries(keys).map(([key, value]) => `${key} = ${value}`)].join('\n'),
  )
  const yml = Object.entries(connections).map(([name, keys]) => `${name}: ${JSON.stringify(keys)}`)
  const asYml = [...yml, sections.yml].join('\n')
  const asIni = [...ini, isPlain(language) ? sections.ini : sections.routes].join('\n')
  const convert = { ini: toIni, yml: toYaml }
  const [made] = /^(ini|yml)(?= made of)/.exec(language) ?? []
  const isYml = language === 'yml' || made === 'yml'
  const stated = language.endsWith('yml') ? asYml : asIni
  const text =
    made === undefined ? stated : (await convert[made as keyof typeof convert](stated, classes)).text
  const running = await runConfig(text, isYml ? '/x.yml' : '/x.ini')
  for (const { until } of [mq, other]) await until((message) => message === 'status ONLINE')
  return { mq, other, ...running }
}

const byIni = (language: Language, ...messages: readonly string[]) => (isPlain(language) ? messages : [])

describe.skipIf(mosquittoMissing).each(languages)('over two real brokers, by %s', (language) => {
  it('a door says its own words, retained', async () => {
    const { mq, other, wire } = await twoBrokers(language, {
      yml: "SensorDoor: {Class: gpio.rpi_gpio.RpiGpioSensor, GpioChip: 0, Pin: 17, PUD: UP, EventDetection: BOTH, Values: ['open', 'shut'], Connections: {mq: {Switch: {StateDest: door, Retain: yes}}}}",
      ini: '[SensorDoor]\nClass = gpio.rpi_gpio.RpiGpioSensor\nPin = 17\nPUD = UP\nEventDetection = BOTH\nValues = shut,open\nDestination = door\nRetain = yes\nConnection = mq',
      routes:
        '[SensorDoor]\nClass = gpio.rpi_gpio.RpiGpioSensor\nPin = 17\nPUD = UP\nEventDetection = BOTH\nValues = shut,open\nSwitch.mq = door\nSwitch.mq.Retain = YES',
    })
    await mq.until((message) => message === 'door open')
    wire(17, 'LOW')
    await mq.until((message) => message === 'door shut')
    expect(await mq.said()).toEqual([...byIni(language, 'door/status ONLINE'), 'door open', 'door shut'])
    expect((await mq.retained()).sort()).toEqual(['door shut', ...byIni(language, 'door/status ONLINE')])
    expect(await other.said()).toEqual([])
  })

  it('a program runs for two connections, each with its own topic', async () => {
    const section = (to: string, destination: string) =>
      `[SensorDisk_${to}]\nClass = exec.exec_sensor.ExecSensor\nPoll = 300\nScript = echo 42%\nDestination = ${destination}\nConnection = ${to}\n`
    const { mq, other } = await twoBrokers(language, {
      yml: 'SensorDisk: {Class: exec.exec_sensor.ExecSensor, Poll: 300, Script: echo 42%, Connections: {mq: {StateDest: disk, ConnectionOnReconnect: {SendReadings: yes, NumberOfReadings: 12}}, other: {StateDest: pi3/disk}}}',
      ini: `${section('mq', 'disk')}SendReadings = yes\nNumberOfReadings = 12\n${section('other', 'pi3/disk')}`,
      routes:
        '[SensorDisk]\nClass = exec.exec_sensor.ExecSensor\nPoll = 300\nScript = echo 42%\nDestination.mq = disk\nConnectionOnReconnect.mq.SendReadings = YES\nConnectionOnReconnect.mq.NumberOfReadings = 12\ndestination.other = pi3/disk',
    })
    await mq.until((message) => message === 'disk 42%')
    await other.until((message) => message === 'pi3/disk 42%')
    expect(await mq.said()).toEqual(['disk 42%'])
    expect(await other.said()).toEqual(['pi3/disk 42%'])
    expect([...(await mq.retained()), ...(await other.retained())]).toEqual([])
  })

  it('a lamp is commanded here and there, and says how it is where that is wanted', async () => {
    const { mq, other, driven } = await twoBrokers(language, {
      yml: "ActuatorLamp: {Class: gpio.rpi_gpio.RpiGpioActuator, GpioChip: 0, Pin: 19, InitialState: LOW, Connections: {here: {CommandSrc: lamp_toggle}, mq: {CommandSrc: lamp/set, StateDest: lamp/is, ConnectionOnDisconnect: {ChangeState: yes, TargetState: 'OFF'}}}}",
      ini: '[ActuatorLamp]\nClass = gpio.rpi_gpio.RpiGpioActuator\nPin = 19\nInitialState = OFF\nCommandSrc = lamp/set\nToggleCommandSrc = lamp_toggle\nConnection = here, mq',
      routes:
        '[ActuatorLamp]\nClass = gpio.rpi_gpio.RpiGpioActuator\nPin = 19\nInitialState = OFF\nCommandSrc.here = lamp_toggle\nCommandSrc.mq = lamp/set\nStateDest.mq = lamp/is\nConnectionOnDisconnect.mq.ChangeState = YES\nConnectionOnDisconnect.mq.TargetState = OFF',
    })
    const is = isPlain(language) ? 'lamp/set' : 'lamp/is'
    await mq.until((message) => message === `${is} OFF`)
    await other.give('lamp/set', 'ON')
    await mq.give('lamp/set', 'ON')
    await driven.until((line) => line === '19 HIGH')
    await mq.until((message) => message === `${is} ON`)
    // With routes it is obeyed on its own connection only.
    await mq.give('lamp_toggle', 'TOGGLE')
    await mq.give('lamp/set', 'OFF')
    await driven.until((line) => line === '19 LOW', 1)
    expect(driven.entries).toEqual(['19 LOW', '19 HIGH', '19 LOW'])
    const states = (await mq.said()).filter((message) => message.startsWith(`${is} `))
    expect(states.slice(0, 2)).toEqual([`${is} OFF`, `${is} ON`])
    expect(await other.said()).toEqual(['lamp/set ON'])
  })

  it.runIf(!isPlain(language))(
    'a lamp goes out when its broker is lost, and is as before when it is back',
    async () => {
      const { mq, driven } = await twoBrokers(language, {
        yml: "ActuatorLamp: {Class: gpio.rpi_gpio.RpiGpioActuator, Pin: 19, Connections: {mq: {CommandSrc: lamp/set, StateDest: lamp/is, ConnectionOnDisconnect: {ChangeState: yes, TargetState: 'OFF'}, ConnectionOnReconnect: {ResumeLastState: yes}}}}",
        ini: '',
        routes:
          '[ActuatorLamp]\nClass = gpio.rpi_gpio.RpiGpioActuator\nPin = 19\nCommandSrc.mq = lamp/set\nStateDest.mq = lamp/is\nConnectionOnDisconnect.mq.ChangeState = YES\nConnectionOnDisconnect.mq.TargetState = OFF\nConnectionOnReconnect.mq.ResumeLastState = YES',
      })
      await mq.give('lamp/set', 'ON')
      await driven.until((line) => line === '19 HIGH')
      await mq.until((message) => message === 'lamp/is ON')
      await mq.kill()
      await driven.until((line) => line === '19 LOW', 1)
      await mq.start()
      await driven.until((line) => line === '19 HIGH', 3)
      expect(driven.entries).toEqual(['19 LOW', '19 HIGH', '19 LOW', '19 HIGH'])
    },
  )

  it.runIf(!isPlain(language))('a lamp stays as it is when the program is stopped', async () => {
    const { mq, driven, stop } = await twoBrokers(language, {
      yml: "ActuatorLamp: {Class: gpio.rpi_gpio.RpiGpioActuator, Pin: 19, Connections: {mq: {CommandSrc: lamp/set, StateDest: lamp/is, ConnectionOnDisconnect: {ChangeState: yes, TargetState: 'OFF'}}}}",
      ini: '',
      routes:
        '[ActuatorLamp]\nClass = gpio.rpi_gpio.RpiGpioActuator\nPin = 19\nCommandSrc.mq = lamp/set\nStateDest.mq = lamp/is\nConnectionOnDisconnect.mq.ChangeState = YES\nConnectionOnDisconnect.mq.TargetState = OFF',
    })
    await mq.give('lamp/set', 'ON')
    await mq.until((message) => message === 'lamp/is ON')
    await stop()
    await mq.until((message) => message === 'status OFFLINE')
    expect(driven.entries).toEqual(['19 LOW', '19 HIGH'])
  })

  it('a gate takes each input from where it comes', async () => {
    const { mq, driven } = await twoBrokers(language, {
      yml: 'ActuatorEither: {Class: local.local_logic.LogicOr, Connections: {here: {Input: {CommandSrc: [top, bottom]}, Output: {StateDest: [light]}}, mq: {Input: {CommandSrc: [app]}, Enable: {CommandSrc: armed}}}}\nActuatorLight: {Class: gpio.rpi_gpio.RpiGpioActuator, Pin: 19, Connections: {here: {CommandSrc: light}}}',
      ini: '[ActuatorEither]\nClass = local.local_logic.LogicOr\nInputSrc = top, bottom, app\nOutputDest = light\nEnableSrc = armed\nConnection = here, mq\n[ActuatorLight]\nClass = gpio.rpi_gpio.RpiGpioActuator\nPin = 19\nCommandSrc = light\nConnection = here',
      routes:
        '[ActuatorEither]\nClass = local.local_logic.LogicOr\nInputSrc.here = top, bottom\nOutputDest.here = light\nInput.mq = app\nEnableSrc.mq = armed\n[ActuatorLight]\nClass = gpio.rpi_gpio.RpiGpioActuator\nPin = 19\nCommandSrc.here = light',
    })
    await driven.until((line) => line === '19 LOW')
    if (!isPlain(language)) await mq.give('top', 'ON')
    await mq.give('app', 'OFF')
    await mq.give('app', 'ON')
    await driven.until((line) => line === '19 HIGH')
    await mq.give('armed', 'OFF')
    await mq.give('app', 'OFF')
    await mq.give('armed', 'ON')
    await mq.give('app', 'OFF')
    await driven.until((line) => line === '19 LOW', 1)
    expect(driven.entries).toEqual(['19 LOW', '19 HIGH', '19 LOW'])
    expect((await mq.said()).filter((message) => message.startsWith('light'))).toEqual([])
  })

  it('a thermometer says two things, of which one is retained', async () => {
    const { mq, other, hearPacket } = await twoBrokers(language, {
      yml: "SensorFreezer: {Class: bt.govee_sensor.GoveeSensor, Address: 'a4:c1:38:11:22:33', Connections: {mq: {Temperature: {StateDest: freezer/degrees, Retain: yes}, Battery: {StateDest: freezer/cell}}}}",
      ini: '[SensorFreezer]\nClass = bt.govee_sensor.GoveeSensor\nDestination = freezers\nAddress1 = a4:c1:38:11:22:33\nDestination1 = freezer\nConnection = mq',
      routes:
        '[SensorFreezer]\nClass = bt.govee_sensor.GoveeSensor\nAddress1 = a4:c1:38:11:22:33\nTemperature.mq = freezer/degrees\nRETAIN.mq = YES\nBattery.mq = freezer/cell\nbattery.mq.retain = NO',
    })
    hearPacket(
      advertisement({
        model: 'H5075',
        address: 'a4:c1:38:11:22:33',
        temperature: -18.3,
        humidity: 60,
        battery: 90,
      }),
    )
    if (isPlain(language)) {
      await mq.until((message) => message.startsWith('freezer/rssi'))
      expect(await mq.said()).toEqual([
        'freezer/status ONLINE',
        'freezer/temp_c -18.3',
        'freezer/temp_f -0.9',
        'freezer/humi 60.0',
        'freezer/battery 90',
        expect.stringMatching(/^freezer\/rssi -/),
      ])
    } else {
      await mq.until((message) => message === 'freezer/cell 90')
      expect(await mq.said()).toEqual(['freezer/degrees -18.3', 'freezer/cell 90'])
      expect(await mq.retained()).toEqual(['freezer/degrees -18.3'])
    }
    expect(await other.said()).toEqual([])
  })

  it('a thermometer on a wire says °F', async () => {
    const { root } = kernelFiles({
      '28-a66c801e64ff/w1_slave':
        '57 01 4b 46 7f ff 09 10 70 : crc=70 YES\n57 01 4b 46 7f ff 09 10 70 t=21437\n',
    })
    const { mq, other } = await twoBrokers(language, {
      yml: `SensorWine: {Class: one_wire.ds18x20_sensor.Ds18x20Sensor, Mac: 28-a66c801e64ff, Poll: 10, TempUnit: F, Path: ${root}, Connections: {mq: {StateDest: wine}}}`,
      ini: `[SensorWine]\nClass = one_wire.ds18x20_sensor.Ds18x20Sensor\nMac = 28-a66c801e64ff\nPoll = 10\nTempUnit = F\nPath = ${root}\nDestination = wine\nConnection = mq`,
      routes: `[SensorWine]\nClass = one_wire.ds18x20_sensor.Ds18x20Sensor\nMac = 28-a66c801e64ff\nPoll = 10\nTempUnit = F\nPath = ${root}\nDestination.mq = wine`,
    })
    await mq.until((message) => message === 'wine 70.587')
    expect(await mq.said()).toEqual([...byIni(language, 'wine/status ONLINE'), 'wine 70.587'])
    expect(await other.said()).toEqual([])
  })
})
