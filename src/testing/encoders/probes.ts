import { charge, type Encoder, type GoveeValues, int16, type ProbeValues, steps } from './encoder.js'

/** Of the meat thermometers, by the key of their family: all of them say a battery and probes. */
export const probeEncoders: Readonly<Record<string, Encoder>> = {
  probe14: {
    says: ['probes', 'battery'],
    probes: ['temperature', 'alarmHigh'],
    encode: (values) => [...start(values), 0, ...pluggedProbe(onlyProbe(values)), 0, 0],
  },
  probe17: {
    says: ['probes', 'battery'],
    probes: ['temperature', 'alarmHigh'],
    encode: (values, model) => {
      const { pair, first, second } = probePair(values, model === 'H5184' ? 2 : 1)
      return [...start(values), pair + 1, ...pluggedProbe(first), ...pluggedProbe(second)]
    },
  },
  probe20: {
    says: ['probes', 'battery'],
    probes: ['temperature', 'alarmHigh', 'alarmLow'],
    encode: (values, model) => {
      const { pair, first, second } = probePair(values, model === 'H5198' ? 2 : 1)
      const plugged = (isPlugged(first) ? 0x40 : 0) | (isPlugged(second) ? 0x80 : 0)
      return [...start(values), plugged | (pair + 1), 0xff, ...probeDegrees(first), ...probeDegrees(second)]
    },
  },
  'probe20-ambient': {
    says: ['temperature', 'probes', 'battery'],
    probes: ['temperature', 'alarmHigh'],
    encode: (values) => {
      const around = { ...(values.temperature !== undefined && { temperature: values.temperature }) }
      return [...start(values), 0x5d, 0x04, ...probeDegrees(onlyProbe(values)), ...probeDegrees(around)]
    },
  },
  h5055: {
    says: ['probes', 'battery'],
    probes: ['temperature', 'alarmHigh', 'alarmLow'],
    encode: (values) => {
      const pair = probePair(values, 3)
      const whole = (name: string, value: number | undefined) => degrees(name, value, 1).reverse()
      const probe = ({ temperature, alarmLow, alarmHigh }: ProbeValues) => [
        0x20,
        ...whole('temperature', temperature),
        ...whole('alarmLow', alarmLow),
        ...whole('alarmHigh', alarmHigh),
      ]
      return [0, charge(values), pluggedState(pair), ...probe(pair.first), ...probe(pair.second), 0, 0]
    },
  },
  'h5055-be': {
    says: ['probes', 'battery'],
    probes: ['temperature', 'alarmHigh', 'alarmLow'],
    encode: (values) => {
      const pair = probePair(values, 3)
      return [
        ...start(values),
        pluggedState(pair),
        0xff,
        ...probeDegrees(pair.first),
        ...probeDegrees(pair.second),
      ]
    },
  },
}

/** What all but the older H5055 begin with behind the address: four fixed bytes, and the battery with bit 7 set. */
const start = (values: GoveeValues): readonly number[] => [1, 0, 1, 1, charge(values) | 0x80]

/** The only probe of a device. */
function onlyProbe({ probes = {} }: GoveeValues): ProbeValues {
  const { 1: probe = {}, ...others } = probes
  if (Object.keys(others).length > 0)
    throw new Error(`expected probe 1 alone, got ${Object.keys(probes).join(' and ')}`)
  return probe
}

/** Two probes that speak in one packet; one that is absent is not plugged in. */
interface ProbePair {
  /** 0 for probes 1 and 2, 1 for 3 and 4 … */
  readonly pair: number
  readonly first: ProbeValues
  readonly second: ProbeValues
}

/** The probes of a packet, of a device with so many pairs of them. Throws when they do not fit into one packet. */
function probePair({ probes = {} }: GoveeValues, pairs: number): ProbePair {
  const numbers = Object.keys(probes).map(Number)
  const pairOf = (number: number) => Math.floor((number - 1) / 2)
  const [pair = -1] = numbers.map(pairOf)
  if (pair < 0 || pair >= pairs || numbers.some((number) => pairOf(number) !== pair)) {
    const known = Array.from({ length: pairs }, (_, each) => `${each * 2 + 1} and ${each * 2 + 2}`)
    throw new Error(
      `expected probes of one packet (${known.join(', or ')}), got ${numbers.join(' and ') || 'none'}`,
    )
  }
  return { pair, first: probes[pair * 2 + 1] ?? {}, second: probes[pair * 2 + 2] ?? {} }
}

const isPlugged = ({ temperature }: ProbeValues) => temperature !== undefined

/** A probe behind a byte that says whether it is plugged in, with its high alarm. */
const pluggedProbe = (probe: ProbeValues) => [
  isPlugged(probe) ? 0x86 : 0x06,
  ...degrees('temperature', probe.temperature),
  ...degrees('alarmHigh', probe.alarmHigh),
]

/** Temperature, high and low alarm of a probe in hundredths of a degree, big-endian. */
const probeDegrees = ({ temperature, alarmHigh, alarmLow }: ProbeValues): number[] => [
  ...degrees('temperature', temperature),
  ...degrees('alarmHigh', alarmHigh),
  ...degrees('alarmLow', alarmLow),
]

/** A probe's temperature (°C), 16 bits big-endian, `perUnit` to the degree; FFFF where there is none. */
function degrees(name: string, value: number | undefined, perUnit: 1 | 100 = 100): number[] {
  if (value === undefined) return [0xff, 0xff]
  const count = steps(name, value, -0x8000 / perUnit, 0x7fff / perUnit, perUnit)
  if (count === -1)
    throw new Error(`expected another ${name} than ${-1 / perUnit}, which is how it says that there is none`)
  return int16(count)
}

/**
 * The byte of the H5055 that says which of its probes are there: bits 7-6 are the pair, bits 5-0 the probes 6..1 that are
 * plugged in. Throws for alarms of a probe that is not, since nobody reads them.
 */
function pluggedState({ pair, first, second }: ProbePair): number {
  const [one = 0, two = 0] = [first, second].map((probe) => {
    if (!isPlugged(probe) && Object.keys(probe).length > 0)
      throw new Error('expected a temperature of a probe that has alarms, got none')
    return Number(isPlugged(probe))
  })
  return (pair << 6) | ((one | (two << 1)) << (pair * 2))
}
