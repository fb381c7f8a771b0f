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
  /** What parameters are here that nobody states, where ini files mean something else. */
  readonly presets?: Readonly<Record<string, string>>
  /** Parameters that only matter here, and those that it cannot do without. */
  readonly only?: z.ZodRawShape
  readonly required?: readonly string[]
  /** Parameters with others below them: `Pin: {Red: 12}` is `Pin.Red = 12` in ini files. */
  readonly nested?: readonly string[]
  /** Which words stand for the first and the second of `Values`. */
  readonly words?: readonly [first: string, second: string]
  /** In ini files the second comes first. */
  readonly reversed?: true
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
  /** The output that takes its place, by its name. */
  readonly unless?: string
  /** It has the words of `Values`. */
  readonly words?: true
  /** It goes over local connections alone, and its parameter takes several topics. */
  readonly local?: true
}

/** Something that commands come in for. */
export interface Input extends Omit<Output, 'words' | 'local'> {
  /** Each topic that comes in is one of its own, and its parameter takes several. */
  readonly several?: true
}

/** What a section says of its class: what it reports depends on it. */
export type YamlClassOf = (section: YamlMap) => YamlClass

/** A class that says one thing. */
const single: YamlClassOf = () => ({
  outputs: { '': { topic: '', parameter: 'Destination' } },
  inputs: {},
})

/** Sensors on a wire have a status beside what they say, which the Python program does not know. */
const wired =
  (outputs: YamlClass['outputs']): YamlClassOf =>
  () => {
    const statuses = Object.entries(outputs).map(([name, { topic }]) => [
      `${name}Status`,
      { topic: topic === '' ? 'status' : `${topic}/status` },
    ])
    return { outputs: { ...outputs, ...(Object.fromEntries(statuses) as YamlClass['outputs']) }, inputs: {} }
  }

const wiredSingle = wired({ '': { topic: '', parameter: 'Destination' } })

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
  const numbers = section.entries.flatMap(({ key }) => /^Address(\d*)$/i.exec(key)?.[1] ?? [])
  const names = numbers.map((number) => `Destination${number}`)
  return {
    outputs: Object.fromEntries(names.map((name) => [name, { topic: name, parameter: name, words: true }])),
    inputs: {},
    words: ['ON', 'OFF'],
  }
}

const gate: YamlClassOf = () => ({
  outputs: { Output: { topic: 'output', parameter: 'OutputDest', words: true, local: true } },
  inputs: {
    Input: { topic: 'input', parameter: 'InputSrc', several: true },
    Enable: { topic: 'enable', parameter: 'EnableSrc', optional: true },
  },
  words: ['ON', 'OFF'],
  reversed: true,
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
const yamlClasses: Readonly<Record<string, YamlClassOf>> = {
  'govee.govee_sensor.GoveeSensor': device('Address', 'Offset'),
  'bt.govee_sensor.GoveeSensor': device('Address', 'Offset'),
  'ble.ble_sensor.BleSensor': device('Address', 'Offset', 'Key', 'Medium'),
  'bt.btle_sensor.BtleSensor': presence,
  'bluetooth.btle_sensor.BtleSensor': presence,
  'bt.btscan_sensor.SimpleBtSensor': presence,
  'exec.exec_sensor.ExecSensor': single,
  'exec.exec_actuator.ExecActuator': () => ({
    outputs: {
      '': { topic: 'result', parameter: 'ResultsDest' },
      State: { topic: 'state', parameter: 'StateDest', optional: true },
    },
    inputs: { '': { topic: '', parameter: 'CommandSrc' } },
  }),
  'gpio.dht_sensor.DhtSensor': wired({
    Temperature: { topic: 'temperature', parameter: 'TempDest' },
    Humidity: { topic: 'humidity', parameter: 'HumiDest' },
  }),
  'gpio.rpi_gpio.RpiGpioSensor': () => ({
    outputs: {
      Switch: { topic: 'switch', parameter: 'Destination', optional: true, words: true },
      SwitchStatus: { topic: 'switch/status' },
      ShortButtonPress: { topic: 'short', parameter: 'Short_Press-Dest', optional: true },
      LongButtonPress: { topic: 'long', parameter: 'Long_Press-Dest', optional: true },
    },
    inputs: {},
    // Of HIGH.
    words: ['OPEN', 'CLOSED'],
    reversed: true,
  }),
  'gpio.rpi_gpio.RpiGpioActuator': () => ({
    outputs: { '': { topic: '' } },
    inputs: {
      '': { topic: '', parameter: 'CommandSrc' },
      Toggle: { topic: 'toggle', parameter: 'ToggleCommandSrc', optional: true },
    },
  }),
  'gpio.gpio_led.GpioColorLED': light('Pin'),
  'heartbeat.heartbeat.Heartbeat': () => ({
    outputs: {
      FormatNumber: { topic: 'number', parameter: 'Num-Dest' },
      FormatString: { topic: 'string', parameter: 'Str-Dest' },
    },
    inputs: {},
    presets: { 'Str-Format': 'DAYS' },
  }),
  'i2c.aht20.AHT20Sensor': wired({
    Temperature: { topic: 'temperature', parameter: 'TempDest', unless: '' },
    Humidity: { topic: 'humidity', parameter: 'HumiDest', unless: '' },
    '': { topic: '', parameter: 'Destination', optional: true },
  }),
  'i2c.pwm.PwmHatColorLED': light('Channels'),
  'i2c.relay.EightRelayHAT': switchLike,
  'network.arp_sensor.ArpSensor': single,
  'one_wire.ds18x20_sensor.Ds18x20Sensor': wiredSingle,
  'gpio.ds18x20_sensor.Ds18x20Sensor': wiredSingle,
  'local.local_logic.LogicAnd': gate,
  'local.local_logic.LogicNot': gate,
  'local.local_logic.LogicOr': gate,
}

/** What other classes are taken for, such as those of plug-ins, by the kind of their section. */
const otherClasses = { sensors: single, actuators: switchLike } as const

/** What the class of a section is understood as. */
export function yamlClassOf(section: YamlMap, kind: keyof typeof otherClasses): YamlClass {
  const name = textIn(section, 'Class') ?? ''
  const known = Object.hasOwn(yamlClasses, name) ? yamlClasses[name] : undefined
  return (known ?? otherClasses[kind])(section)
}
