import * as z from 'zod'
import { boolean, field, integer, level, path, seconds } from '../fields/fields.js'
import type { Problem } from '../fields/problems.js'
import type { LoggingOptions } from '../logging/records.js'
import { adaptersOf, type BluetoothOptions, weakestSignal } from '../radio/state.js'
import type { Section } from './sections.js'
import { validate } from './validate.js'

/** A section that makes nothing but sets something. It may be absent: there is a default for everything. */
interface Settings<Options> {
  readonly section: Section
  readonly problems: readonly Problem[]
  /** The parameters it knows. */
  readonly known: readonly string[]
  /** What is set; where it cannot be used, what is set when nothing is said. */
  readonly options: Options
}

/** How the log is to be, by `[Logging]`. */
export const readLogging = (sections: readonly Section[]): Promise<Settings<LoggingOptions>> =>
  readSettings(sections, 'Logging', loggingSchema, ({ Level, Syslog, File, MaxSize, NumFiles }) => ({
    level: Level,
    syslog: Syslog,
    ...(File !== undefined && { file: File }),
    maxSize: MaxSize,
    numFiles: NumFiles,
  }))

export const loggingSchema = z.object({
  Level: level
    .prefault('INFO')
    .describe('how much is logged of all that has no Level of its own: DEBUG, INFO, WARNING or ERROR'),
  Syslog: boolean.prefault('NO').describe('whether the local syslog gets the log as well'),
  File: path.optional().describe('file that gets the log as well, unless the syslog does'),
  MaxSize: integer(0).prefault('10485760').describe('bytes at which the file is rotated; with 0 it never is'),
  NumFiles: integer(0, 1000)
    .prefault('5')
    .describe('how many rotated files are kept; with 0 it is never rotated'),
})

/** How the radio is to listen, by `[Bluetooth]`. */
export const readBluetooth = (sections: readonly Section[]): Promise<Settings<BluetoothOptions>> =>
  readSettings(sections, 'Bluetooth', bluetoothSchema, ({ Adapter, Silence, Restart, Expire, MinRssi }) => ({
    ...(Adapter && { adapters: Adapter }),
    silence: Silence,
    restart: Restart,
    expire: Expire,
    ...(MinRssi !== undefined && { minRssi: MinRssi }),
  }))

/** Bluetooth adapters by their Linux names or their addresses: `hci0,00:1a:7d:da:71:13`. */
const adapters = field(
  'one adapter or several with commas between them, such as hci0,hci1 or 00:1a:7d:da:71:13',
  (text) => adaptersOf(text.split(',')),
)

export const bluetoothSchema = z.object({
  Adapter: adapters
    .optional()
    .describe(
      'the adapter to listen with, or several with commas between them, by name or address: hci0,00:1a:7d:da:71:13; else the first one',
    ),
  Silence: seconds(0)
    .prefault('90')
    .describe(
      'seconds without any advertisement after which the scan is restarted and more is tried; 0 for never',
    ),
  Restart: seconds(0)
    .prefault('900')
    .describe(
      'seconds of deafness after which the program ends with exit code 3, to be started afresh; 0 for never',
    ),
  Expire: seconds(0)
    .prefault('600')
    .describe('seconds after which a device that is not heard counts as gone; 0 for never'),
  MinRssi: weakestSignal.optional().describe('weakest signal that is listened to, in dBm'),
})

async function readSettings<Shape extends z.ZodRawShape, Options>(
  sections: readonly Section[],
  name: string,
  schema: z.ZodObject<Shape>,
  optionsOf: (stated: z.output<z.ZodObject<Shape>>) => Options,
): Promise<Settings<Options>> {
  const section = sections.find((candidate) => candidate.name === name) ?? {
    name,
    line: 0,
    parameters: new Map(),
  }
  const { options, problems } = await validate(section, schema)
  const known = Object.keys(schema.shape)
  return { section, problems, known, options: optionsOf(options ?? schema.parse({})) }
}
