import type { Counter, Gauge } from 'prom-client'
import type { Metrics } from '../delivery/deliveries.js'
import type { States } from '../plugin/surroundings.js'
import type { Book, Entry } from './book.js'

/** What the page counts of itself. */
interface Counts {
  readonly commands: number
  /** Pages that are open. */
  readonly pages: number
  /** Pages that did not read what they were sent. */
  readonly dropped: number
}

/**
 * All numbers that are true now, and the program's own counters, as Prometheus reads them. The names are those of the quantities, as
 * in `decode`: `sensor_reporter_temperature_c{device="attic"}`.
 */
export async function metricsText(
  book: Book,
  counts: Counts,
  states: States,
  tallies: Readonly<Record<string, Metrics>>,
): Promise<string> {
  // Late: hardly anybody asks.
  const { Counter, Gauge, Registry } = (await import('prom-client')).default
  const registry = new Registry()
  const registers = [registry]
  const count = (name: string, help: string, value: number) => {
    const counter: Counter = new Counter({ name, help, registers })
    counter.inc(value)
  }
  const measure = (name: string, help: string, value: number) => {
    const gauge: Gauge = new Gauge({ name, help, registers })
    gauge.set(value)
  }
  count('sensor_reporter_readings_total', 'Readings that the page was told of', book.count())
  count('sensor_reporter_commands_total', 'Commands that were given on the page', counts.commands)
  count('sensor_reporter_pages_dropped_total', 'Pages that did not read what they were sent', counts.dropped)
  measure('sensor_reporter_pages', 'Pages that are open', counts.pages)
  const wellness = new Gauge({
    name: 'sensor_reporter_up',
    help: 'Whether a part of the program is well',
    labelNames: ['section'],
    registers,
  })
  for (const [section, { ok }] of Object.entries(states)) wellness.set({ section }, ok ? 1 : 0)
  for (const [key, name, help] of ofConnections) {
    const metric = new (name.endsWith('_total') ? Counter : Gauge)({
      name: `sensor_reporter_connection_${name}`,
      help,
      labelNames: ['section', 'reason'],
      registers,
    })
    for (const [section, { [key]: value }] of Object.entries(tallies))
      if (typeof value === 'object')
        for (const [reason, some] of Object.entries(value)) metric.inc({ section, reason }, some)
      // Until it is found for the first time the broker was found again -1 times.
      else metric.inc({ section }, Math.max(0, value))
  }
  const { user, system } = process.cpuUsage()
  count('process_cpu_seconds_total', 'CPU time of the program, s', (user + system) / 1e6)
  measure('process_resident_memory_bytes', 'Memory of the program, bytes', process.memoryUsage.rss())
  measure('process_start_time_seconds', 'When the program started, s', performance.timeOrigin / 1000)
  // Somebody may have a topic of such a name.
  const own = new Set(registry.getMetricsAsArray().map(({ name }) => name))
  const gauges = new Map<string, Gauge>()
  for (const entry of book.entries.values()) {
    const value = numberOf(entry)
    const name = metricName(entry)
    if (value === undefined || name === undefined || own.has(name)) continue
    const unit = entry.about?.quantity.unit
    const gauge =
      gauges.get(name) ??
      new Gauge({ name, help: unit ? `${nameOf(entry)}, ${unit}` : nameOf(entry), labelNames, registers })
    gauges.set(name, gauge)
    const { device, about, topic } = entry
    gauge.set(
      {
        device: device.name,
        topic,
        part: about?.part ?? '',
        brand: device.brand ?? '',
        model: device.model ?? '',
        address: device.address ?? '',
      },
      value,
    )
  }
  return registry.metrics()
}

/** What connections count, as Prometheus calls it. */
const ofConnections: readonly (readonly [key: keyof Metrics, name: string, help: string])[] = [
  ['offered', 'offered_total', 'Readings that a connection was to deliver'],
  ['published', 'published_total', 'Messages that it sent, repetitions included'],
  ['acknowledged', 'acknowledged_total', 'Messages that the broker acknowledged, of those at QoS 1 and 2'],
  ['reconnects', 'reconnects_total', 'How often the broker was found again'],
  ['kept', 'kept_total', 'Readings that could not go at once'],
  ['dropped', 'dropped_total', 'Readings that were not delivered, by the reason why'],
  ['waiting', 'waiting', 'Readings that wait now'],
  ['inFlight', 'in_flight', 'Messages that were sent and are not acknowledged yet'],
]

const labelNames = ['device', 'topic', 'part', 'brand', 'model', 'address']

const nameOf = ({ about, topic }: Entry) => about?.name ?? topic.slice(topic.lastIndexOf('/') + 1)

/** `temperature_c_2` is a temperature like the first: the topic tells them apart. */
function metricName(entry: Entry): string | undefined {
  const name = nameOf(entry)
    .replace(/_\d+$/, '')
    .replaceAll(/[^a-zA-Z0-9_]/g, '_')
  return name === '' ? undefined : `sensor_reporter_${name === 'status' ? 'online' : name}`
}

function numberOf({ value, text, about, isEvent }: Entry): number | undefined {
  if (value !== undefined) return value
  const place = isEvent || text === undefined ? -1 : (about?.quantity.words?.indexOf(text) ?? -1)
  return place < 0 ? undefined : 1 - place
}
