import { charge } from './charge.js'
import { degrees } from './degrees.js'
import type { Encoder } from './encoder.js'
import type { GoveeValues, ProbeValues } from './goveeValues.js'
import { pluggedState } from './pluggedState.js'
import { probeDegrees } from './probeDegrees.js'
import { probePair } from './probePair.js'

/** What all but the older H5055 begin with behind the address: four fixed bytes, and the battery with bit 7 set. */
const start = (values: GoveeValues): readonly number[] => [1, 0, 1, 1, charge(values) | 0x80]

const isPlugged = ({ temperature }: ProbeValues) => temperature !== undefined

/** A probe behind a byte that says whether it is plugged in, with its high alarm. */
const pluggedProbe = (probe: ProbeValues) => [
  isPlugged(probe) ? 0x86 : 0x06,
  ...degrees('temperature', probe.temperature),
  ...degrees('alarmHigh', probe.alarmHigh),
]

/** The only probe of a device. */
function onlyProbe({ probes = {} }: GoveeValues): ProbeValues {
  const { 1: probe = {}, ...others } = probes
  if (Object.keys(others).length > 0)
    throw new Error(`expected probe 1 alone, got ${Object.keys(probes).join(' and ')}`)
  return probe
}

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
