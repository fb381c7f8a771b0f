import { setTimeout as pause } from 'node:timers/promises'
import { daemonArguments } from './daemonArguments.js'

async function main(): Promise<void> {
  const plain = daemonArguments(process.argv.slice(2))
  if (plain) {
    // Until the program is loaded there is nothing to reload, and SIGHUP would end it.
    process.on('SIGHUP', () => undefined)
    const { interpretSchemas } = await import('./config/interpretSchemas.js')
    interpretSchemas()
    const { run } = await import('./commands/run.js')
    process.exitCode = await run(...plain)
  } else {
    const { commandLine } = await import('./commandLine.js')
    await commandLine()
  }
  // Output that nobody reads must not hold the process: after a second what is left of it is dropped.
  void pause(1000, undefined, { ref: false }).then(() => process.exit())
}

void main()
