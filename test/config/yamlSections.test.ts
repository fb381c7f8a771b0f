import { describe, expect, it } from 'vitest'
import { classes } from '../../src/config/classes.js'
import { checkYaml } from './check.js'

const real = { classes }

const connection = `
Connection1: {Class: mqtt.mqtt_conn.MqttConnection, Name: mq, Client: c, User: u, Password: p, Host: localhost, Port: 1883, Keepalive: 10, RootTopic: pi}
Connection2: {Class: local.local_conn.LocalConnection, Name: here}`

/** What is said of sections beside a sound connection; the first of them stands in line 4. */
const said = (sections: string, strict = false) =>
  checkYaml(`${connection}\n${sections}`, { ...real, strict })

describe('a YAML file', () => {
  it.each([
    [
      'SensorDoor: {Class: gpio.rpi_gpio.RpiGpioSensor, GpioChip: 0, Pin: 17, PUD: UP, EventDetection: BOTH, Values: [open, shut], Connections: {mq: {Switch: {StateDest: door, Retain: yes}}}}',
    ],
    [
      'SensorDoor: {Class: gpio.rpi_gpio.RpiGpioSensor, Pin: 17, Connections: {mq: {ShortButtonPress: {StateDest: bell}}}}',
    ],
    [
      'SensorDisk: {Class: exec.exec_sensor.ExecSensor, Poll: 300, Script: df /, Connections: {mq: {StateDest: disk, ConnectionOnReconnect: {SendReadings: yes, NumberOfReadings: 12}}, here: {StateDest: disk}}}',
    ],
    [
      "ActuatorLamp: {Class: gpio.rpi_gpio.RpiGpioActuator, GpioChip: 0, Pin: 19, InitialState: LOW, Connections: {here: {CommandSrc: lamp_toggle}, mq: {CommandSrc: lamp/set, StateDest: lamp/is, ConnectionOnDisconnect: {ChangeState: yes, TargetState: 'OFF'}}}}",
    ],
    [
      'ActuatorEither: {Class: local.local_logic.LogicOr, Connections: {here: {Input: {CommandSrc: [top, bottom]}, Output: {StateDest: [light]}}, mq: {Input: {CommandSrc: [app]}, Enable: {CommandSrc: armed}}}}',
    ],
    [
      "SensorFreezer: {Class: bt.govee_sensor.GoveeSensor, Address: 'a4:c1:38:11:22:33', TempUnit: F, Connections: {mq: {Temperature: {StateDest: freezer/degrees, Retain: yes}, Battery: {StateDest: freezer/cell}, co2: {StateDest: air}}}}",
    ],
    [
      'SensorWine: {Class: one_wire.ds18x20_sensor.Ds18x20Sensor, Name: Wine, Mac: 28-a66c801e64ff, Poll: 10, TempUnit: F, Connections: {mq: {StateDest: wine}}}',
    ],
    [
      'SensorBath: {Class: gpio.dht_sensor.DhtSensor, Poll: 60, Sensor: DHT22, Pin: 4, Connections: {mq: {Temperature: {StateDest: bath/t}, Humidity: {StateDest: bath/h}}}}',
    ],
    [
      'SensorBeat: {Class: heartbeat.heartbeat.Heartbeat, Poll: 60, Connections: {mq: {FormatNumber: {StateDest: up}, FormatString: {StateDest: since}}}}',
    ],
    [
      'SensorWho: {Class: bt.btle_sensor.BtleSensor, Poll: 10, Timeout: 30, Address1: 00:11:22:33:44:55, Address2: "10:20:30:40:50:59", Values: {mq: [in, out], DEFAULT: ["1", "0"]}, Connections: {mq: {Destination1: {StateDest: one}}, here: {Destination2: {StateDest: two}}}}',
    ],
    [
      'SensorPhone: {Class: network.arp_sensor.ArpSensor, Poll: 60, MAC: 00:11:22:33:44:55, Connections: {mq: {StateDest: phone}}}',
    ],
    [
      'ActuatorSay: {Class: exec.exec_actuator.ExecActuator, Command: echo, Timeout: 10, Connections: {mq: {CommandSrc: say, StateDest: said}}}',
    ],
    [
      'Logging: {Level: INFO}\nDEFAULT: {Poll: 60}\nx: &to {mq: {StateDest: a}}\nSensorA: {Class: exec.exec_sensor.ExecSensor, Script: date, Connections: *to}',
    ],
    [
      'DEFAULT: {Connections: {mq: {StateDest: a}}}\nSensorA: {Class: exec.exec_sensor.ExecSensor, Script: date, Poll: 5}',
    ],
  ])('is right: %s', async (sections) => {
    expect(await said(sections)).toEqual([])
  })

  it.each([
    ['SensorA: 7', '4: error: [SensorA] expected parameters, indented below it, got a single value'],
    [
      'SensorA:\n  Class: exec.exec_sensor.ExecSensor\n  Poll: 5\n  Script: date',
      '4: error: [SensorA] Connections: missing, it is required: the names of connections, and below each what goes where',
    ],
    [
      'SensorA:\n  Class: exec.exec_sensor.ExecSensor\n  Poll: 5\n  Script: date\n  Connections: [mq]',
      '8: error: [SensorA] Connections: expected the names of connections, with what goes where below each, got a list: write house: {…} in place of - house',
    ],
    [
      'SensorA:\n  Class: exec.exec_sensor.ExecSensor\n  Poll: 5\n  Script: date\n  Connections:\n    mq: disk',
      '9: error: [SensorA] mq: expected what goes where below it, got a single value',
    ],
    [
      'SensorA:\n  Class: exec.exec_sensor.ExecSensor\n  Poll: often\n  Script: date\n  Connections: {mq: {StateDest: a}}',
      '6: error: [SensorA] Poll: expected a number of seconds from 0.1 to 2147483, got "often"',
    ],
    [
      'SensorA:\n  Class: exec.exec_sensor.ExecSensor\n  Poll: 5\n  Script: date\n  Connections:\n    mqtt: {StateDest: a}',
      '9: error: [SensorA] Connections: expected the Name of a connection, got "mqtt": did you mean mq? (known: "mq", "here")',
    ],
    [
      'SensorA:\n  Class: exec.exec_sensor.ExecSensor\n  Poll: 5\n  Script: date\n  Connections:\n    mq:\n      StateDest: a/#',
      '10: error: [SensorA] StateDest: expected a topic below RootTopic, got "a/#": + and # are wildcards, which only a subscriber may use',
    ],
    [
      'SensorA:\n  Class: exec.exec_sensor.ExecSensor\n  Poll: 5\n  Script: date\n  Connections:\n    mq:\n      StateDest: a\n      Retain: perhaps',
      '11: error: [SensorA] Retain: expected YES or NO (or true, false, on, off, 1, 0), got "perhaps"',
    ],
    [
      'SensorA:\n  Class: exec.exec_sensor.ExecSensor\n  Poll: 5\n  Script: date\n  Connections:\n    mq:\n      StateDest: {a: b}',
      '10: error: [SensorA] StateDest: expected a single value, got parameters below it',
    ],
    [
      'SensorA:\n  Class: gpio.dht_sensor.DhtSensor\n  Poll: 5\n  Sensor: DHT11\n  Pin: 4\n  Connections:\n    mq: {StateDest: a}',
      '10: error: [SensorA] StateDest: expected it one level deeper, below what is meant: Temperature, Humidity, TemperatureStatus, HumidityStatus',
    ],
    [
      'SensorA: {Class: bt.govee_sensor.GoveeSensor, Connections: {mq: {RSSI: {StateDest: a}}}}',
      '4: error: [SensorA] Address: missing, it is required',
    ],
    [
      'SensorA: {Class: gpio.rpi_gpio.RpiGpioSensor, Pin: 4, Values: [a], Connections: {mq: {Switch: {StateDest: a}}}}',
      "4: error: [SensorA] Values: expected two texts, such as ['OPEN', 'CLOSED'], got something else",
    ],
    [
      'SensorA: {Class: gpio.rpi_gpio.RpiGpioSensor, Pin: {Red: 4}, Connections: {mq: {Switch: {StateDest: a}}}}',
      '4: error: [SensorA] Pin: expected a single value, got parameters below it',
    ],
    [
      'ActuatorA: {Class: local.local_logic.LogicOr, Connections: {here: {Output: {StateDest: a}}}}',
      '4: error: [ActuatorA] Input: missing, it is required: CommandSrc below it, with one topic or a list of them',
    ],
    [
      'ActuatorA: {Class: gpio.rpi_gpio.RpiGpioActuator, Pin: 4, Connections: {mq: {CommandSrc: a, ConnectionOnDisconnect: {ChangeState: yes}}}}',
      '4: error: [ActuatorA] TargetState: missing, ChangeState needs it: the command that it then gets',
    ],
    [
      'ActuatorA: {Class: i2c.triac.TriacDimmer, Channel: 1, Connections: {mq: {CommandSrc: a}}}',
      expect.stringMatching(
        /^4: error: \[ActuatorA\] Class: expected a class of actuators, got "i2c.triac.TriacDimmer": /,
      ),
    ],
    [
      'ActuatorA: {Class: gpio.gpio_led.GpioColorLED, Pin: {Red: 4, Green: x}, Connections: {mq: {CommandSrc: a}}}',
      '4: error: [ActuatorA] Pin.Green: expected an integer from 0 to 53, got "x"',
    ],
    [
      'ActuatorA: {Class: gpio.gpio_led.GpioColorLED, Pin: {Red: {x: 4}}, Connections: {mq: {CommandSrc: a}}}',
      '4: error: [ActuatorA] Pin.Red: expected a single value, got parameters below it',
    ],
    [
      'ActuatorA: {Class: gpio.gpio_led.GpioColorLED, Pin: {}, Connections: {mq: {CommandSrc: a}}}',
      '4: error: [ActuatorA] Pin.Red: missing, one of these is required: Pin.Red, Pin.Green, Pin.Blue, Pin.White',
    ],
    [
      'ConnectionH: {Class: mqtt.homie_conn.HomieConnection, Name: h}',
      expect.stringMatching(/^4: error: \[ConnectionH\] Class: .*: Homie is not spoken here/),
    ],
    [
      'SensorA: {Class: gpio.rpi_gpio.RpiGpioSensor, Pin: 4, Connections: {mq: {constructor: {StateDest: a, CommandSrc: b}}}}',
      expect.stringMatching(/^4: warning: \[SensorA\] constructor: SensorA has no such output/),
    ],
    [
      "SensorA: {Class: bt.govee_sensor.GoveeSensor, Address: 'a4:c1:38:11:22:33', TempUnit: K, Connections: {mq: {RSSI: {StateDest: a}}}}",
      '4: error: [SensorA] TempUnit: expected C or F, got "K"',
    ],
    [
      "SensorA: {Class: bt.govee_sensor.GoveeSensor, Address: 'a4:c1:38:11:22:33', TempUnit: [C], Connections: {mq: {RSSI: {StateDest: a}}}}",
      '4: error: [SensorA] TempUnit: expected a single value, got a list',
    ],
    [
      'ConnectionO: {Class: openhab_rest.rest_conn.OpenhabREST, Name: oh, URL: "http://openhab:8080", RefreshItem: Refresh}\nSensorA: {Class: exec.exec_sensor.ExecSensor, Poll: 5, Script: date, Connections: {oh: {Item: a/b}}}',
      '5: error: [SensorA] Item: expected the name of an Item, of letters, digits and _, got "a/b"',
    ],
  ])('cannot be used: %s', async (sections, message) => {
    expect(await said(sections)).toContainEqual(message)
  })

  it.each([
    [
      'SensorA: {Class: exec.exec_sensor.ExecSensor, Poll: 5, Script: date, script: x, Connections: {mq: {StateDest: a}}}',
      '4: warning: [SensorA] script: unknown parameter, did you mean Script?',
    ],
    [
      'SensorA: {Class: exec.exec_sensor.ExecSensor, Poll: 5, Script: date, Conections: x, Connections: {mq: {StateDest: a}}}',
      '4: warning: [SensorA] Conections: unknown parameter, did you mean Connections?',
    ],
    [
      'SensorA: {Class: exec.exec_sensor.ExecSensor, Poll: 5, Script: date, Destination: x, Connections: {mq: {StateDest: a}}}',
      '4: warning: [SensorA] Destination: unknown parameter here: what goes where is said below Connections',
    ],
    [
      'SensorA: {Class: exec.exec_sensor.ExecSensor, Poll: 5, Script: date, Connections: {mq: {StateDest: a, Retian: yes}}}',
      '4: warning: [SensorA] Retian: unknown parameter, did you mean Retain?',
    ],
    [
      'SensorA: {Class: exec.exec_sensor.ExecSensor, Poll: 5, Script: date, Connections: {mq: {StateDest: a, ConnectionOnReconect: {SendReadings: yes}}}}',
      '4: warning: [SensorA] ConnectionOnReconect: unknown parameter, did you mean ConnectionOnReconnect?',
    ],
    [
      'SensorA: {Class: gpio.dht_sensor.DhtSensor, Poll: 5, Sensor: DHT11, Pin: 4, Connections: {mq: {Temprature: {StateDest: a}, Humidity: {StateDest: h}}}}',
      '4: warning: [SensorA] Temprature: SensorA has no such output, did you mean Temperature?',
    ],
    [
      'SensorA: {Class: gpio.rpi_gpio.RpiGpioSensor, Pin: 4, GpioChip: 2, Connections: {mq: {Switch: {StateDest: a}}}}',
      expect.stringMatching(/^4: warning: \[SensorA\] GpioChip: the chip of the header is used/),
    ],
    [
      'SensorA: {Class: gpio.rpi_gpio.RpiGpioSensor, Pin: 4, Values: [ON, OFF], Connections: {mq: {Switch: {StateDest: a}}}}',
      expect.stringMatching(
        /^4: warning: \[SensorA\] Values: without quotes the Python program reads this as a boolean/,
      ),
    ],
    [
      'SensorA: {Class: exec.exec_sensor.ExecSensor, Poll: 5, Script: date, Connections: {mq: }}',
      '4: warning: [SensorA] Connections: no StateDest or CommandSrc is below it: nothing is published or obeyed',
    ],
    [
      'SensorA: {Class: gpio.rpi_gpio.RpiGpioSensor, Pin: 4, Values: {mw: [a, b]}, Connections: {mq: {Switch: {StateDest: a}}}}',
      '4: warning: [SensorA] mw: there is no such connection below Connections, did you mean mq?',
    ],
    [
      'ActuatorA: {Class: local.local_logic.LogicOr, Connections: {mq: {Input: {CommandSrc: a}, ConnectionOnReconnect: {ResumeLastState: yes}}}}',
      expect.stringMatching(
        /^4: warning: \[ActuatorA\] mq: what is to be when it is lost or found does nothing/,
      ),
    ],
    [
      "SensorA: {Class: bt.govee_sensor.GoveeSensor, Address: 'a4:c1:38:11:22:33', Key: x, Connections: {mq: {RSSI: {StateDest: a}}}}",
      expect.stringMatching(/^4: warning: \[SensorA\] Key: unknown parameter, (?!did you mean Key\?)/),
    ],
    [
      "SensorA: {Class: bt.govee_sensor.GoveeSensor, Address: 'a4:c1:38:11:22:33', Offset1: humidity +1, Connections: {mq: {RSSI: {StateDest: a}}}}",
      '4: warning: [SensorA] Offset1: unknown parameter here: write Offset',
    ],
    [
      'SensorA: {Class: exec.exec_sensor.ExecSensor, Poll: 5, Script: date, Connections: {mq: {StateDest: a, Item: A}}}',
      expect.stringMatching(/^4: warning: \[SensorA\] Item: unknown parameter/),
    ],
    [
      'SensorA: {Class: exec.exec_sensor.ExecSensor, Poll: 5, Script: date, constructor: x, Connections: {mq: {StateDest: a, toString: x}}}',
      expect.stringMatching(/^4: warning: \[SensorA\] toString: unknown parameter/),
      expect.stringMatching(/^4: warning: \[SensorA\] constructor: unknown parameter/),
    ],
    [
      'Templates: {one: {two: [three]}}\nSensorA: {Class: exec.exec_sensor.ExecSensor, Poll: 5, Script: date, Connections: {mq: {StateDest: a}}}',
      expect.stringMatching(/^4: warning: \[Templates\] unknown section/),
    ],
    [
      'SensorA: {Class: exec.exec_sensor.ExecSensor, Poll: 5, Script: date, Pol l: 6, Connections: {mq: {StateDest: a}}}',
      '4: warning: [SensorA] Pol: unknown parameter, did you mean Poll?',
    ],
  ])('is doubtful: %s', async (sections, ...expected) => {
    expect(await said(sections)).toEqual(expected)
  })

  it('says of two actuators that they would both obey one topic, where that is on one connection', async () => {
    const actuator = (name: string, to: string) =>
      `${name}: {Class: gpio.rpi_gpio.RpiGpioActuator, Pin: 4, Connections: {${to}: {CommandSrc: lamp}}}`
    expect(await said(`${actuator('ActuatorA', 'mq')}\n${actuator('ActuatorB', 'mq')}`)).toEqual([
      '5: error: [ActuatorB] CommandSrc: same topic as [ActuatorA] (line 4) on the same connection: every actuator needs its own',
    ])
    expect(await said(`${actuator('ActuatorA', 'mq')}\n${actuator('ActuatorB', 'here')}`)).toEqual([])
  })

  it('may have half a character in a name', async () => {
    const sensor =
      '"Sensor\\ud800": {Class: exec.exec_sensor.ExecSensor, Poll: 5, Script: date, Connections: {mq: {StateDest: a}}}'
    expect(await said(sensor)).toEqual([])
  })

  it('has Items in place of topics where the connection is to openHAB', async () => {
    const openhab =
      'ConnectionO: {Class: openhab_rest.rest_conn.OpenhabREST, Name: oh, URL: "http://openhab:8080", RefreshItem: Refresh}'
    const lamp = (where: string) =>
      said(
        `${openhab}\nActuatorA: {Class: gpio.rpi_gpio.RpiGpioActuator, Pin: 4, Connections: {oh: {${where}}}}`,
      )
    expect(await lamp('Item: Lamp')).toEqual([])
    expect(await lamp('Item: Lamp, CommandSrc: lamp/set')).toEqual([
      '5: warning: [ActuatorA] CommandSrc: unknown parameter, known are Item, Retain, QoS',
    ])
  })

  it.each([
    ['4', 'http://openhab:8080', [expect.stringMatching(/API-Token: it is not sent: others could read it/)]],
    ['2.5', 'https://openhab', [expect.stringMatching(/API-Token: it is not sent: openHAB has tokens from/)]],
    ['4', 'https://openhab', []],
    ['4', 'http://127.0.0.1:8080', []],
  ])('says whether the token is sent to openHAB %s at %s', async (version, url, expected) => {
    const openhab = `ConnectionO: {Class: openhab_rest.rest_conn.OpenhabREST, Name: oh, URL: "${url}", RefreshItem: Refresh, openHAB-Version: ${version}, API-Token: oh.x.y}`
    const sensor =
      'SensorA: {Class: exec.exec_sensor.ExecSensor, Poll: 5, Script: date, Connections: {oh: {Item: A}}}'
    const found = await said(`${openhab}\n${sensor}`)
    expect(found).toEqual(expected)
    expect(found.join()).not.toContain('oh.x.y')
  })

  it('is strict where that is wanted', async () => {
    const sensor =
      'SensorA: {Class: exec.exec_sensor.ExecSensor, Poll: 5, Script: date, Connections: {mq: {StateDest: a, Retian: yes}}}'
    expect(await said(`${sensor}\nSensr: {a: b}`, true)).toEqual([
      '4: error: [SensorA] Retian: unknown parameter, did you mean Retain?',
      '5: error: [Sensr] unknown section, did you mean [Sensor]?',
    ])
  })

  it('passes over what only stands there to be used elsewhere', async () => {
    const common = 'common: &common {Class: exec.exec_sensor.ExecSensor, Poll: 5}'
    expect(
      await said(`${common}\nSensorA: {<<: *common, Script: date, Connections: {mq: {StateDest: a}}}`),
    ).toEqual([])
  })

  it('takes both spellings of what a local connection compares', async () => {
    const local = (key: string) =>
      checkYaml(
        `ConnectionL: {Class: local.local_conn.LocalConnection, Name: l, ${key}: 30}\nSensorA: {Class: exec.exec_sensor.ExecSensor, Poll: 5, Script: date, Connections: {l: {StateDest: a}}}`,
        real,
      )
    expect(await local('OnGT')).toEqual([])
    expect(await local('OnGt')).toEqual([
      '1: warning: [ConnectionL] OnGt: the Python program reads OnGT only and would compare nothing; here it counts',
    ])
  })

  it('shows nothing of a secret in a message', async () => {
    const text = `Connection1: {Class: mqtt.mqtt_conn.MqttConnection, Name: mq, Client: c, User: u, Password: {hunter2: x}, Host: localhost, Port: hunter2}`
    expect((await checkYaml(text, real)).filter((line) => line.includes('Password')).join()).not.toContain(
      'hunter2',
    )
  })
})
