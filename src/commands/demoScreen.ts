import { demoTable, type TopicRow } from './demoTable.js'

export interface DemoScreen {
  readonly topics: ReadonlyMap<string, TopicRow>
  readonly port: number
  /** The log; its last line is shown. */
  readonly log: readonly string[]
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Whether the terminal shows colours. */
  readonly colours: boolean
}

/** What the demo shows, as text that fits a terminal of 80 columns and 24 rows. */
export function demoScreen({ topics, port, log, now, colours }: DemoScreen): string {
  const paint = (code: number, text: string) => (colours ? `\x1b[${code}m${text}\x1b[0m` : text)
  const table = demoTable([...topics.values()], now).replace(/ONLINE/, paint(32, 'ONLINE'))
  return [
    paint(1, `sensor-reporter demo: an hour a minute, broker on localhost port ${port}`),
    'GVH5075_170C is the kitchen, GVH5105_A71C the attic, GVH5075_F233 the freezer.',
    table.replace(/OFFLINE/, paint(31, 'OFFLINE')),
    paint(2, log.at(-1) ?? ''),
    'To have the latest readings repeated, type in another terminal, in this folder:',
    `  npx mqtt pub -p ${port} -u user -P password -t sensor_reporter/refresh -m now`,
  ].join('\n')
}
