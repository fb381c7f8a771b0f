import type { Counter, Gauge } from 'prom-client'
import type { Book, Entry } from './book.js'
import type { States } from '../plugin/surroundings.js'

/** What the program counts of itself. */
export interface Counts {
  commands: number
  /** Pages that are open. */
  pages: number
  /** Pages that did not read what they were sent. */
  dropped: number
}

/**
 * All numbers that are true now, and the program's own counters, as Prometheus reads them. The names are those of the quantities, as
 * in `decode`: `sensor_reporter_temperature_c{device="attic"}`.
 */
export async function metricsText(book: Book, counts: Counts, states: States): Promise<string> {
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
