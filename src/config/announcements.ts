import type { Expected } from '../description.js'
import { type Problem, problemAt, quoteText } from '../fields/problems.js'
import { type Component, type Components, identitiesOf, isOne, uses } from './components.js'
import { parameterOf, type Section } from './sections.js'

/** What Home Assistant would mix up, or never see, of sections each of which may be right by itself. */
export function checkAnnouncements({ connections, sensors, actuators }: Components): Problem[] {
  const others = [...sensors, ...actuators].sort((one, other) => one.section.line - other.section.line)
  return [
    ...mixedUp(connections, others),
    ...others.flatMap((component) =>
      unheard(
        component,
        connections.filter((connection) => uses(component, connection)),
      ),
    ),
  ]
}

/** What is announced of a section, or of the program itself over a connection. */
interface Announced {
  readonly component: Component<unknown>
  readonly identity: string
  /** Where, by which alone it is told apart. */
  readonly at: string
}

const announcedOver = (
  connection: Component<unknown>,
  others: readonly Component<unknown>[],
): Omit<Announced, 'at'>[] => [
  { component: connection, identity: '' },
  ...others
    .filter((other) => uses(other, connection) && !other.own?.hidden)
    .flatMap((component) =>
      [...identitiesOf(component.describes)].map((identity) => ({ component, identity })),
    ),
]

/** Devices that have the identity of another one. */
function mixedUp(
  connections: readonly Component<unknown>[],
  others: readonly Component<unknown>[],
): Problem[] {
  const announced = connections.flatMap((connection) =>
    announcedOver(connection, others).flatMap((each): Announced[] => {
      const at = connection.announces?.(each.identity)
      return at === undefined ? [] : [{ ...each, at }]
    }),
  )
  const firsts = new Map<string, Announced>()
  const problems = new Map<string, Problem>()
  for (const again of announced) {
    const first = firsts.get(again.at)
    if (!first) firsts.set(again.at, again)
    else if (first.component !== again.component || first.identity !== again.identity) {
      // The one that is said of later in the file, once however many devices they share.
      const [of, by] = [again.component.section, first.component.section]
      problems.set(`${of.name} ${by.name}`, mixedUpWith(of, by, again.identity === ''))
    }
  }
  return [...problems.values()]
}

const mixedUpWith = (of: Section, by: Section, isConnection: boolean): Problem =>
  problemAt(
    isConnection ? (parameterOf(of, 'RootTopic') ?? lineOf(of)) : lineOf(of),
    'warning',
    `Home Assistant could not tell its device from that of [${by.name}] (line ${by.line}): choose another ` +
      (isConnection ? 'RootTopic' : 'topic or address, or say HomeAssistant = NO in one of them'),
  )

const lineOf = ({ name, line }: Section) => ({ section: name, line })

const words = ['HomeAssistant', 'Name', 'Area']

/** What a section says for Home Assistant, and to nobody. */
function unheard(
  { section, own, describes }: Component<unknown>,
  connections: readonly Component<unknown>[],
): Problem[] {
  // What is wrong with a connection itself is said where it stands.
  if (connections.length === 0 || connections.some(({ create }) => !create)) return []
  const isShown = connections.some(({ announces }) => announces?.('') !== undefined)
  // What a connection of another kind makes of these words is its own affair.
  const isHeard = !connections.every(({ announces, local }) => announces ?? local)
  const why = (word: string): string | undefined => {
    if (!isShown) return isHeard ? undefined : 'none of its connections says HomeAssistant = YES'
    if (word === 'HomeAssistant' || isHeard) return undefined
    if (own?.hidden) return 'the section says HomeAssistant = NO'
    return word === 'Name' && !isOne(describes)
      ? 'the section has several devices; each is called as its Destination, or as it calls itself'
      : undefined
  }
  const silent = words.flatMap((word) => {
    const parameter = parameterOf(section, word)
    // In [DEFAULT] it may be for another section.
    if (parameter?.section !== section.name) return []
    const reason = why(word)
    return reason === undefined ? [] : [problemAt(parameter, 'warning', `no effect: ${reason}`)]
  })
  return isShown && !own?.hidden ? [...silent, ...unfitUnit(section, describes)] : silent
}

/** A number that Home Assistant refuses, since its class does not go with its unit, or is nothing without one. */
function unfitUnit(section: Section, { topics = [] }: Partial<Expected> = {}): Problem[] {
  const [stated, unitStated] = [parameterOf(section, 'DeviceClass'), parameterOf(section, 'Unit')]
  return topics.flatMap(({ quantity: { deviceClass, unit = '', words: either, events } }) => {
    if (!stated || deviceClass === undefined || either || events) return []
    if (unit === '')
      return unitless.includes(deviceClass)
        ? []
        : [problemAt(stated, 'warning', 'expected Unit beside it: without one Home Assistant shows nothing')]
    const known = units[deviceClass]
    // Two characters look the same, and both are taken.
    if (known === undefined || known.split(', ').includes(unit.replace('\u03bc', '\u00b5'))) return []
    const wanted = `expected ${known} for DeviceClass = ${deviceClass}, got ${quoteText(unit)}`
    return [
      problemAt(unitStated ?? stated, 'warning', `${wanted}: Home Assistant shows nothing in another unit`),
    ]
  })
}

/** Classes that have no unit, or need none. */
const unitless = ['aqi', 'date', 'enum', 'monetary', 'ph', 'power_factor', 'timestamp']

const energies = 'J, kJ, MJ, GJ, mWh, Wh, kWh, MWh, GWh, TWh, cal, kcal, Mcal, Gcal'
const lengths = 'mm, cm, m, km, in, ft, yd, mi, nmi'
const pressures = 'mPa, Pa, hPa, kPa, bar, cbar, mbar, mmHg, inHg, inH₂O, psi'
const volumes = 'mL, L, m³, fl. oz., gal, ft³, CCF, MCF'

/** Those that Home Assistant has for a class, of what people measure at home (homeassistant/components/sensor/const.py). */
const units: Readonly<Record<string, string>> = {
  atmospheric_pressure: pressures,
  battery: '%',
  carbon_dioxide: 'ppm',
  current: 'mA, A',
  distance: lengths,
  duration: 'µs, ms, s, min, h, d',
  energy: energies,
  energy_storage: energies,
  frequency: 'Hz, kHz, MHz, GHz',
  gas: 'L, m³, ft³, CCF, MCF',
  humidity: '%',
  illuminance: 'lx',
  moisture: '%',
  pm1: 'µg/m³',
  pm25: 'µg/m³',
  pm10: 'µg/m³',
  power: 'mW, W, kW, MW, GW, TW, BTU/h',
  precipitation: 'mm, cm, in',
  pressure: pressures,
  signal_strength: 'dB, dBm',
  temperature: '°C, °F, K',
  voltage: 'µV, mV, V, kV, MV',
  volume: volumes,
  volume_storage: volumes,
  water: 'L, m³, gal, ft³, CCF, MCF',
  weight: 'µg, mg, g, kg, oz, lb, st',
}
