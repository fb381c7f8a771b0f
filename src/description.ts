/** What is said on a topic: a number, a text, one of two words, or that something happened. */
export interface Quantity {
  /** Of a number, as Home Assistant spells it; empty or absent where there is none. */
  readonly unit?: string
  /** What Home Assistant calls what it is: `temperature`. */
  readonly deviceClass?: string
  /** It is about the device and not about where that is. */
  readonly diagnostic?: true
  /** It is a number that only rises, but for starting over. */
  readonly total?: true
  /** It is a text, and said as it is. */
  readonly text?: true
  /** What is said of something that is so, and of what is not: `['ON', 'OFF']`. */
  readonly words?: readonly [yes: string, no: string] | undefined
  /** Events: all that may happen. What is said begins with one of these, where there are several; `button_1` is said as `1`. */
  readonly events?: readonly string[]
  /** It says the same as another topic of its device, in another unit. */
  readonly again?: true
}

/** Who says something: one frozen object for all topics of a device. */
export interface DescribedDevice {
  /** What its topics have in common, or the first of them, below the root topic: `attic`. */
  readonly topic: string
  /** What stays when its topics are renamed: the digits of its Bluetooth address, else its topic. */
  readonly identity: string
  /** What people call it. */
  readonly name: string
  /** Bluetooth address, capitals: `A4:C1:38:11:22:33`. */
  readonly address?: string
  /** `Govee` */
  readonly brand?: string
  /** `H5075` */
  readonly model?: string
  /** Nobody has named it: it is in range, and all in range are reported. */
  readonly stranger?: true
}

/** What a topic is: one frozen object that travels with all of its readings, so that one look shows whether it is known. */
export interface Description {
  /** Whose it is. */
  readonly device: DescribedDevice
  /** Path below the root topic; absent where nothing is said, since it only takes commands. */
  readonly topic?: string
  /** Its name in `decode`, or what stands for it: `temperature_c`, `button`, `switch`. */
  readonly name: string
  /** What has it, where a device has several: `probe1`, `remote`. */
  readonly part?: string
  /** What is said there. */
  readonly quantity: Quantity
  /** Digits after the point. */
  readonly decimals?: number
  /** Where it is commanded, below the root topic, and what with: both words of a switch, or the one that presses a button. */
  readonly commands?: { readonly topic: string; readonly words: readonly string[] }
}

/** What is said on a topic. */
export type Said = Description & { readonly topic: string }

/** Describes what a device says on a topic. */
export const describe = (
  device: DescribedDevice,
  topic: string,
  name: string,
  quantity: Quantity,
  more?: Pick<Description, 'part' | 'decimals' | 'commands'>,
): Said => Object.freeze({ device, topic, name, quantity, ...more })

/** A device that is known by the first of its topics alone. */
export const deviceAt = (topic: string, model?: string): DescribedDevice =>
  Object.freeze({ topic, identity: topic, name: topic, ...(model !== undefined && { model }) })

/** The program itself. */
export const program: DescribedDevice = Object.freeze({ topic: '', identity: '', name: 'sensor-reporter' })

/** The status of a device: whether it is heard, or can be read. */
export const describeStatus = (device: DescribedDevice, topic: string): Said =>
  describe(device, topic, 'status', onlineOrOffline)

const onlineOrOffline: Quantity = {
  words: ['ONLINE', 'OFFLINE'],
  deviceClass: 'connectivity',
  diagnostic: true,
}

/** A temperature. */
export const temperatureIn = (unit: 'C' | 'F'): Quantity => temperatures[unit]

const temperatures = {
  C: Object.freeze({ unit: '°C', deviceClass: 'temperature' }),
  F: Object.freeze({ unit: '°F', deviceClass: 'temperature' }),
}

/** Relative humidity. */
export const humidityInPercent: Quantity = Object.freeze({ unit: '%', deviceClass: 'humidity' })

/** A state without a name of its own. */
export const onOrOff = Object.freeze({ words: ['ON', 'OFF'] as const })

/** A text, whatever it says. */
export const anyText: Quantity = Object.freeze({ text: true })
