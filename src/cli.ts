#!/usr/bin/env node
import { accessSync, constants, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { Command, CommanderError, InvalidArgumentError } from 'commander'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
}

function positive(text: string): number {
  const value = Number(text)
  if (value > 0 && value < Infinity) return value
  throw new InvalidArgumentError('Expected a number greater than 0.')
}

function capture(path: string): string {
  try {
    if (path !== '-') accessSync(path, constants.R_OK)
    return path
  } catch (error) {
    throw new InvalidArgumentError(
      `It cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`,
    )
  }
}

const program = new Command('sensor-reporter')
  .description('Brings sensors to MQTT. "sensor-reporter CONFIG.ini" means "sensor-reporter run CONFIG.ini".')
  .version(version)
  .helpCommand(false)
  .exitOverride()

// Commands are loaded when they are called: a daemon need not carry the demo along.
program
  .command('run', { isDefault: true })
  .description('report what the configuration says until SIGTERM; SIGHUP reads it again')
  .argument('<CONFIG.ini>')
  .option('--replay <FILE|->', 'play a capture instead of listening; - is standard input', capture)
  .option('--speed <N|max>', 'how many times as fast as recorded', (text) =>
    text === 'max' ? text : positive(text),
  )
  .option('--broker', 'start an embedded broker where the first connection expects one')
  .action(async (file: string, options: { replay?: string; speed?: number | 'max'; broker?: true }) => {
    const { run } = await import('./commands/run.js')
    process.exitCode = await run(file, options)
  })

program
  .command('check')
  .description('say every problem of a configuration; exit code 0 or 1; touches no network, no radio')
  .argument('<CONFIG.ini>')
  .option('--strict', 'unknown parameters and sections are errors')
  .action(async (file: string, options: { strict?: true }) => {
    const { check } = await import('./commands/check.js')
    process.exitCode = check(file, options)
  })

program
  .command('demo')
  .description('the whole chain without hardware: embedded broker, recorded radio, live table')
  .option('--for <SECONDS>', 'end by itself', positive)
  .action(async (options: { for?: number }) => {
    const { demo } = await import('./commands/demo.js')
    process.exitCode = await demo(options.for)
  })

program
  .command('decode')
  .description('a capture to readings, one JSON line each')
  .argument('[FILE|-]', 'JSON Lines; - or nothing is standard input', capture, '-')
  .action(async (file: string) => {
    const { decode } = await import('./commands/decode.js')
    await decode(file)
  })

program
  .command('help')
  .description('all commands and classes, or the parameters of a class')
  .argument('[CLASS]')
  .action(async (name?: string) => {
    const { classHelp, classList } = await import('./commands/help.js')
    try {
      console.log(name === undefined ? `${program.helpInformation()}\n${classList()}` : classHelp(name))
    } catch (error) {
      program.error((error as Error).message)
    }
  })

try {
  await program.parseAsync()
} catch (error) {
  // Commander has already said what is wrong; asking for help is not wrong.
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? 0 : 2
}
// Output that nobody reads must not hold the process: after a second what is left of it is dropped.
void pause(1000, undefined, { ref: false }).then(() => process.exit())
