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
  /** The last level of its topic, where a device has it on a topic of its own. */
  readonly topic?: string
  /** It is a light: a brightness, 0 to 100, or a colour and a brightness, `h,s,v`. */
  readonly light?: 'brightness' | 'color'
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
  /** Where it is: `Kitchen`. */
  readonly area?: string
  /** It is not shown to who finds devices by itself. */
  readonly hidden?: true
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
  /** Where it is commanded, and what with. */
  readonly commands?: CommandWords
}

/** Where something is commanded, and what with. */
export interface CommandWords {
  /** Below the root topic. */
  readonly topic: string
  /** Both words of a switch, or the one that presses a button. */
  readonly words: readonly string[]
}

/** What the sections of a configuration can say, before they have said anything. */
export interface Expected {
  /** All topics of what is known wholly. */
  readonly topics: readonly Description[]
  /** Devices that are named, of which the first reading tells the rest. */
  readonly identities: readonly string[]
  /** Whoever is in range is reported. */
  readonly strangers: boolean
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

/** The same of another device: what a section says of its own. */
export function redescribe(own: Partial<DescribedDevice>): (about: Description) => Description {
  const devices = new WeakMap<DescribedDevice, DescribedDevice>()
  const abouts = new WeakMap<Description, Description>()
  return (about) => {
    const known = abouts.get(about)
    if (known) return known
    const device = devices.get(about.device) ?? Object.freeze({ ...about.device, ...own })
    devices.set(about.device, device)
    const made = Object.freeze({ ...about, device })
    abouts.set(about, made)
    return made
  }
}

/** A temperature. */
export const temperatureIn = (unit: 'C' | 'F'): Quantity => temperatures[unit]

const temperatures = {
  C: Object.freeze({ unit: '°C', deviceClass: 'temperature' }),
  F: Object.freeze({ unit: '°F', deviceClass: 'temperature' }),
}

/** Relative humidity. */
export const humidityInPercent: Quantity = Object.freeze({ unit: '%', deviceClass: 'humidity' })

/** What ON and OFF command, and where it says which of the two it is. */
export const describeSwitch = (device: DescribedDevice, commandTopic: string, stateTopic: string): Said =>
  describe(device, stateTopic, 'switch', onOrOff, { commands: { topic: commandTopic, words: onOrOff.words } })

const onOrOff = { words: ['ON', 'OFF'] } as const

/** What ON, OFF and a brightness command, and a colour where it has several; and where it says what it is. */
export const describeLight = (
  device: DescribedDevice,
  commandTopic: string,
  stateTopic: string,
  light: 'brightness' | 'color',
): Said =>
  describe(
    device,
    stateTopic,
    'light',
    { light, ...(light === 'color' ? { text: true as const } : { unit: '%' }) },
    { commands: { topic: commandTopic, words: onOrOff.words } },
  )

/** What a word makes act; it has no state. */
export const describeButton = (device: DescribedDevice, topic: string, word: string): Description =>
  Object.freeze({ device, name: 'button', quantity: {}, commands: { topic, words: [word] } })

/** A text, whatever it says. */
export const anyText: Quantity = Object.freeze({ text: true })
