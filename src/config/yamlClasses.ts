import type { z } from 'zod'
import { choice } from '../fields/fields.js'
import { textIn, type YamlMap } from './yaml.js'

/**
 * How the YAML files of the Python program call what a class reports and obeys. Our plug-ins are told topics of their own, and the
 * routes of the section lead from these to the topics that each connection has.
 */
export interface YamlClass {
  /** What it reports, by the name below each connection; the empty one where a connection says `StateDest` itself. */
  readonly outputs: Readonly<Record<string, Output>>
  /** What it obeys, likewise. */
  readonly inputs: Readonly<Record<string, Input>>
  /** What stands here in place of parameters of ini files, by their names. */
  readonly renamed?: ReadonlyMap<string, string>
  /** Parameters of ini files that it is given besides; `topic` is its own. */
  readonly given?: (topic: string) => Readonly<Record<string, string>>
  /** Parameters that only matter here, and those that it cannot do without. */
  readonly only?: z.ZodRawShape
  readonly required?: readonly string[]
  /** Parameters with others below them: `Pin: {Red: 12}` is `Pin.Red = 12` in ini files. */
  readonly nested?: readonly string[]
  /** Which words stand for the first and the second of `Values`. */
  readonly words?: readonly [first: string, second: string]
  /** What its readings are below one topic of ours, as those of a Bluetooth device are. */
  readonly isDevice?: true
}

/** Something that a class reports. */
export interface Output {
  /** The topic of ours, below that of the section; the empty one is that of the section itself. */
  readonly topic: string
  /** The parameter of ini files that says where it is reported, if it has one of its own. */
  readonly parameter?: string
  /** What it says, if that is not where. */
  readonly value?: string
  /** That parameter may be absent: nothing is reported then. */
  readonly optional?: true
  /** It has the words of `Values`. */
  readonly words?: true
}

/** Something that commands come in for. */
export interface Input extends Omit<Output, 'words'> {
  /** Each topic that comes in is one of its own. */
  readonly several?: true
}

/** What a section says of its class: what it reports depends on it. */
export type YamlClassOf = (section: YamlMap) => YamlClass

/** A class that says one thing. */
const single =
  (more: Partial<YamlClass> = {}): YamlClassOf =>
  () => ({ outputs: { '': { topic: '', parameter: 'Destination' } }, inputs: {}, ...more })

const dht: YamlClassOf = () => ({
  outputs: {
    Temperature: { topic: 'temperature', parameter: 'TempDest' },
    Humidity: { topic: 'humidity', parameter: 'HumiDest' },
  },
  inputs: {},
})

/**
 * A device that is heard; some of its parameters have a number in ini files, where a section may have several. It says more than the
 * Python program knows: the topics of ini files (`co2`, `probe1/temp_c`) are names, too.
 */
const device =
  (...numbered: readonly string[]): YamlClassOf =>
  (section) => ({
    outputs: {
      Temperature: { topic: textIn(section, 'TempUnit')?.toUpperCase() === 'F' ? 'temp_f' : 'temp_c' },
      Humidity: { topic: 'humi' },
      Battery: { topic: 'battery' },
      RSSI: { topic: 'rssi' },
      DeviceName: { topic: 'name', parameter: 'DeviceName', value: 'YES', optional: true },
      Status: { topic: 'status' },
    },
    inputs: {},
    renamed: new Map(numbered.map((name) => [name, `${name}1`])),
    required: ['Address'],
    only: { TempUnit: choice('C', 'F').optional().describe('whether Temperature is °C or °F') },
    given: (topic) => ({ Destination: topic, Destination1: topic }),
    isDevice: true,
  })

/** One output for each `AddressN`, called `DestinationN`. */
const presence: YamlClassOf = (section) => {
  const numbers = section.entries.flatMap(({ key }) => /^Address(\d*)$/.exec(key)?.[1] ?? [])
  const names = numbers.map((number) => `Destination${number}`)
  return {
    outputs: Object.fromEntries(names.map((name) => [name, { topic: name, parameter: name, words: true }])),
    inputs: {},
    words: ['ON', 'OFF'],
  }
}

const gate: YamlClassOf = () => ({
  outputs: { Output: { topic: 'output', parameter: 'OutputDest', words: true } },
  inputs: {
    Input: { topic: 'input', parameter: 'InputSrc', several: true },
    Enable: { topic: 'enable', parameter: 'EnableSrc', optional: true },
  },
  words: ['ON', 'OFF'],
})

const switchLike: YamlClassOf = () => ({
  outputs: { '': { topic: '' } },
  inputs: { '': { topic: '', parameter: 'CommandSrc' } },
})

/** A light of several colours, whose outputs are called so. */
const light =
  (outputs: string): YamlClassOf =>
  (section) => ({ ...switchLike(section), nested: [outputs, 'InitialState'] })

/** The classes that are understood by name. */
export const yamlClasses: Readonly<Record<string, YamlClassOf>> = {
  'govee.govee_sensor.GoveeSensor': device('Address', 'Offset'),
  'bt.govee_sensor.GoveeSensor': device('Address', 'Offset'),
  'ble.ble_sensor.BleSensor': device('Address', 'Offset', 'Key', 'Medium'),
  'bt.btle_sensor.BtleSensor': presence,
  'bluetooth.btle_sensor.BtleSensor': presence,
  'bt.btscan_sensor.SimpleBtSensor': presence,
  'exec.exec_sensor.ExecSensor': single(),
  'exec.exec_actuator.ExecActuator': () => ({
    outputs: { '': { topic: 'result', parameter: 'ResultsDest' } },
    inputs: { '': { topic: '', parameter: 'CommandSrc' } },
  }),
  'gpio.dht_sensor.DhtSensor': dht,
  'gpio.rpi_gpio.RpiGpioSensor': () => ({
    outputs: {
      Switch: { topic: 'switch', parameter: 'Destination', optional: true, words: true },
      ShortButtonPress: { topic: 'short', parameter: 'Short_Press-Dest', optional: true },
      LongButtonPress: { topic: 'long', parameter: 'Long_Press-Dest', optional: true },
    },
    inputs: {},
    // HIGH is the first word here, and the second one in ini files.
    words: ['OPEN', 'CLOSED'],
  }),
  'gpio.gpio_led.GpioColorLED': light('Pin'),
  'gpio.rpi_gpio.RpiGpioActuator': switchLike,
  'heartbeat.heartbeat.Heartbeat': () => ({
    outputs: {
      FormatNumber: { topic: 'number', parameter: 'Num-Dest' },
      FormatString: { topic: 'string', parameter: 'Str-Dest' },
    },
    inputs: {},
    given: () => ({ 'Str-Format': 'DAYS' }),
  }),
  'i2c.aht20.AHT20Sensor': single(),
  'i2c.pwm.PwmHatColorLED': light('Channels'),
  'i2c.relay.EightRelayHAT': switchLike,
  'network.arp_sensor.ArpSensor': single(),
  'one_wire.ds18x20_sensor.Ds18x20Sensor': single(),
  'gpio.ds18x20_sensor.Ds18x20Sensor': single(),
  'local.local_logic.LogicAnd': gate,
  'local.local_logic.LogicNot': gate,
  'local.local_logic.LogicOr': gate,
}

/** What other classes are taken for, such as those of plug-ins, by the kind of their section. */
export const otherClasses = { sensors: single(), actuators: switchLike } as const
