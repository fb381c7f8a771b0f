import { accessSync, constants, existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { Argument, Command, CommanderError, InvalidArgumentError } from 'commander'
import { config } from 'zod'
import manifest from '../../package.json' with { type: 'json' }
import type { DecodeOptions } from './decode.js'
import { end } from './end.js'
import type { MarbleOptions } from './marble.js'
import type { PluginKind } from './newPlugin.js'
import type { WebOption } from './page.js'
import type { RecordOptions } from './record.js'
import type { RunOptions } from './run.js'
import type { ScanOptions } from './scan.js'

/** The option of commands that read what devices say. */
const keys = [
  '--keys <FILE>',
  'the keys of devices that encrypt, a line each: ADDRESS = KEY',
  existing,
] as const

const program = new Command('sensor-reporter')
  .description('Brings sensors to MQTT. "sensor-reporter CONFIG.ini" means "sensor-reporter run CONFIG.ini".')
  .version(manifest.version)
  .helpCommand(false)
  .showHelpAfterError(
    '"sensor-reporter help" lists the commands, "sensor-reporter COMMAND --help" what one of them takes.',
  )
  .exitOverride()

program
  .command('run', { isDefault: true })
  .description('report what the configuration says until SIGTERM; SIGHUP reads it again')
  .argument('<CONFIG.ini>')
  .option('--replay <FILE|->', 'play a capture instead of listening; - is standard input', capture)
  .option('--speed <N|max>', 'how many times as fast as recorded', speed)
  .option('--broker', 'start an embedded broker where the first connection expects one')
  .option('--simulate', 'a GPIO chip to try things with: type "17 LOW"; outputs are logged')
  .option(
    '--web [PORT]',
    'a page that shows it all, for this machine alone; port 8080 unless another is given',
    port,
  )
  .action(async (file: string, options: RunOptions) => {
    if (options.simulate && options.replay === '-')
      program.error('--simulate reads standard input, and so does --replay -: use one of them.')
    const { run } = await import('./run.js')
    process.exitCode = await run(file, options)
  })

program
  .command('check')
  .description('say every problem of a configuration; exit code 0 or 1; touches no network, no radio')
  .argument('<CONFIG.ini>')
  .option('--strict', 'unknown parameters and sections are errors')
  .action(async (file: string, options: { strict?: true }) => {
    const { check } = await import('./check.js')
    process.exitCode = await check(file, options)
  })

program
  .command('convert')
  .description('a YAML file of the Python program as ini, or an ini file as YAML, on standard output')
  .argument('<CONFIG.ini>', 'a name that ends in .yml or .yaml is that of a YAML file')
  .action(async (file: string) => {
    const { convert } = await import('./convert.js')
    process.exitCode = await convert(file)
  })

program
  .command('demo')
  .description('the whole chain without hardware: embedded broker, recorded radio, live table')
  .option('--for <SECONDS>', 'end by itself', positive)
  .option('--web [PORT]', 'a page that shows it all, too; port 8080 unless another is given', port)
  .action(async (options: { for?: number; web?: WebOption }) => {
    const { demo } = await import('./demo.js')
    process.exitCode = await demo(options.for, options.web)
  })

program
  .command('scan')
  .description('a live table of the sensors that are heard, and what each of them needs')
  .argument('[CONFIG.ini]', 'listen as it says, with the names that it gives to devices', existing)
  .option('--replay <FILE|->', 'show a capture instead of listening; - is standard input', capture)
  .option('--speed <N|max>', 'how many times as fast as recorded', speed)
  .option(...keys)
  .option('--for <SECONDS>', 'end by itself', positive)
  .action(async (file: string | undefined, options: ScanOptions) => {
    const { scan } = await import('./scan.js')
    process.exitCode = await scan({ ...options, file })
  })

program
  .command('record')
  .description('what the radio hears to a capture file: btsnoop if its name ends so, else JSON Lines')
  .argument('[FILE|-]', '- or nothing is standard output', '-')
  .option('--all', 'what can be read by nobody here, too')
  .option('--force', 'replace a file that exists')
  .option('--replay <FILE|->', 'convert a capture instead of listening; - is standard input', capture)
  .option('--for <SECONDS>', 'end by itself', positive)
  .action(async (file: string, options: RecordOptions) => {
    const { record } = await import('./record.js')
    process.exitCode = await record(file, options)
  })

program
  .command('decode')
  .description('a capture to readings, one JSON line each')
  .argument('[FILE|-]', 'JSON Lines, btsnoop, pcap or pcapng; - or nothing is standard input', capture, '-')
  .option(...keys)
  .option('--config <CONFIG.ini>', 'with its keys, and the formats of its own classes', existing)
  .action(async (file: string, options: DecodeOptions) => {
    const { decode } = await import('./decode.js')
    process.exitCode = await decode(file, options)
  })

program
  .command('doctor')
  .description('what is wrong with Bluetooth, or with the brokers of a configuration, and how to mend it')
  .argument('[CONFIG.ini]')
  .action(async (file?: string) => {
    const { doctor } = await import('./doctor.js')
    process.exitCode = await doctor(file)
  })

program
  .command('discovery')
  .description('what Home Assistant would be told of a configuration: a topic and its document each')
  .argument('<CONFIG.ini>')
  .option('--replay <FILE>', 'with the devices of a capture', existing)
  .action(async (file: string, options: { replay?: string }) => {
    const { discovery } = await import('./discovery.js')
    process.exitCode = await discovery(file, options)
  })

program
  .command('marble')
  .description('draw a marble diagram as SVG beside its text, or write what a capture holds as such a text')
  .argument('[FILE.txt]', 'the text; with --from it is written, - is standard output')
  .option('-o, --output <FILE.svg|->', 'the picture; - is standard output')
  .option('--dark', 'for dark pages')
  .option(
    '--from <CAPTURE>',
    'JSON Lines, btsnoop, pcap, pcapng, or what decode prints: write what was heard',
    existing,
  )
  .option('--select <TOPIC>', 'what of it: attic/temp_c')
  .option('--frame <TIME>', 'how long a character takes: 10min')
  .option('--device <ADDRESS=NAME>', 'what a device is called; may be given more than once', device)
  .action(async (file: string | undefined, options: MarbleOptions & HeardTexts) => {
    const { from, select, frame, device: devices } = options
    const { marble, marbleOfCapture } = await import('./marble.js')
    if (from === undefined) {
      if (file === undefined) return program.error('Expected the FILE.txt to be drawn, or --from CAPTURE.')
      process.exitCode = await marble(file, options)
      return
    }
    const { durationOf, units } = await import('../testing/parseDiagram.js')
    const ms = durationOf(frame ?? '')
    if (select === undefined || ms === undefined)
      return program.error(
        `--from needs --select TOPIC, such as attic/temp_c, and --frame TIME, such as 10min (${units}).`,
      )
    process.exitCode = marbleOfCapture(file, { from, select, frame: ms, ...(devices && { devices }) })
  })

program
  .command('new')
  .description('a plug-in of your own: the code, its marble test and a configuration that uses it')
  .addArgument(new Argument('<KIND>', 'what it is to be').choices(['sensor', 'connection', 'actuator']))
  .argument('<NAME>', 'such as attic')
  .argument('[FOLDER]', 'where to write it', '.')
  .action(async (kind: PluginKind, name: string, folder: string) => {
    const { newPlugin } = await import('./newPlugin.js')
    try {
      console.log(newPlugin(kind, name, folder))
    } catch (error) {
      program.error((error as Error).message)
    }
  })

program
  .command('help')
  .description('all commands and classes, or what one of them takes')
  .argument('[CLASS]')
  .action(async (name?: string) => {
    const { classHelp, classList } = await import('./help.js')
    const command = program.commands.find((each) => each.name() === name)
    try {
      if (command) console.log(command.helpInformation())
      else if (name !== undefined) console.log(await classHelp(name))
      else console.log(`${program.helpInformation()}\n${await classList()}`)
    } catch (error) {
      const { nearest, quoteText } = await import('../fields/problems.js')
      const meant = nearest(name ?? '', commandNames())
      program.error(
        meant === undefined
          ? (error as Error).message
          : `There is no command or class ${quoteText(name ?? '')}, did you mean ${meant}?`,
      )
    }
  })

program.command('version', { hidden: true }).action(() => console.log(manifest.version))

const commandNames = () => program.commands.map((command) => command.name())

/** Refuses a first word that is no file and nearly a command: `doctro` is not meant to be run. */
async function refuseMistyped([word]: readonly string[]): Promise<void> {
  const known = commandNames()
  if (word === undefined || word.startsWith('-') || known.includes(word) || existsSync(word)) return
  // Late, as all that is not Commander: what is loaded before source maps are enabled has none.
  const { nearest, quoteText } = await import('../fields/problems.js')
  const meant = nearest(word, known)
  if (meant !== undefined) program.error(`There is no command ${quoteText(word)}, did you mean ${meant}?`)
}

/**
 * Does what the command line asks for; the exit code is the process's. `hungUp` says whether SIGHUP has come, which is caught
 * up to now: it ends every command but `run`, as it ends other programs.
 */
export async function commandLine(hungUp: () => boolean): Promise<void> {
  // Stack traces name lines of the sources. Not earlier: Node reads the map of every module that it loads from then on, and
  // that of this one is mostly Commander's.
  process.setSourceMapsEnabled(true)
  const outputs = [process.stdout, process.stderr]
  for (const output of outputs) output.on('error', endUnread)
  program.hook('preAction', (_, command) => {
    if (command.name() === 'run') {
      // A daemon goes on without a reader.
      for (const output of outputs) output.off('error', endUnread).on('error', () => undefined)
      return
    }
    process.removeAllListeners('SIGHUP')
    if (hungUp()) process.kill(process.pid, 'SIGHUP')
  })
  // Schemas are walked through instead of made code of each: ours are few, and most are used once.
  config({ jitless: true })
  try {
    await refuseMistyped(process.argv.slice(2))
    await program.parseAsync()
  } catch (error) {
    // Commander has already said what is wrong; asking for help is not wrong.
    if (!(error instanceof CommanderError)) throw error
    process.exitCode = error.exitCode === 0 ? 0 : 2
  }
  // Output that nobody reads must not hold the process: after a second what is left of it is dropped.
  void pause(1000, undefined, { ref: false }).then(end)
}

/**
 * Ends the command whose output cannot be written any more: without a word where its reader is gone, as in `doctor | head`.
 * What stops in an orderly way on SIGTERM does so.
 */
function endUnread({ code = '' }: NodeJS.ErrnoException): void {
  if (code !== 'EPIPE') {
    console.error(`The output cannot be written to its end (${code}): is the disk full?`)
    process.exit(3)
  }
  if (!process.emit('SIGTERM')) process.exit()
}

/** The path that an argument is, if that can be read; `-` is standard input. */
function capture(path: string): string {
  return path === '-' ? path : existing(path)
}

/** The path that an argument is, if that can be read. */
function existing(path: string): string {
  try {
    accessSync(path, constants.R_OK)
    return path
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    const reason = code === 'ENOENT' ? 'there is no such file' : 'check its permissions'
    throw new InvalidArgumentError(`It cannot be read (${code}): ${reason}.`)
  }
}

/** What says which part of a capture is to be drawn. */
interface HeardTexts {
  readonly from?: string
  readonly select?: string
  readonly frame?: string
  readonly device?: Readonly<Record<string, string>>
}

/** The devices that were named, and one more. */
function device(text: string, named: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [, address, name] = /^([\da-f]{2}(?::[\da-f]{2}){5})=(.+)$/i.exec(text) ?? []
  if (address === undefined || name === undefined)
    throw new InvalidArgumentError('Expected ADDRESS=NAME, such as a4:c1:38:11:22:33=attic.')
  return { ...named, [address]: name }
}

function port(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value > 0 && value <= 65_535) return value
  throw new InvalidArgumentError('Expected a port from 1 to 65535.')
}

/** The number that an argument is, if it is above 0. */
function positive(text: string, _before?: unknown, or = ''): number {
  const value = Number(text)
  if (value > 0 && value < Infinity) return value
  throw new InvalidArgumentError(`Expected a number greater than 0${or}.`)
}

function speed(text: string): number | 'max' {
  return text === 'max' ? text : positive(text, undefined, ', or max, which does not wait')
}
