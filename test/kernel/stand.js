// What a case finds: a broker, the air with two sensors in it, and no adapter until it plugs one in.
import { execFile } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freezer, livingRoom, openAir } from './air.js'
import { controller } from './controller.js'
import { configuration, start } from './daemon.js'
import { openTopics } from './topics.js'
import { until } from './waiting.js'

/** Makes all that is new for a case, and afterwards takes it down. `note` writes a line into the transcript. */
export async function openStand(note) {
  const folder = mkdtempSync(join(tmpdir(), 'stand-'))
  // The program may run as another user.
  chmodSync(folder, 0o755)
  const controllers = []
  const air = openAir(controllers)
  const topics = await openTopics(folder, note)
  const closing = []
  const later = (close) => closing.push(close)
  /** Runs a program of the guest, and returns its code and what it says. */
  const run = (program, ...args) =>
    new Promise((resolve) => {
      execFile(program, args, { timeout: 60_000 }, (error, stdout, stderr) => {
        const outcome = { code: error ? (error.code ?? error.signal) : 0, said: `${stdout}${stderr}`.trim() }
        note(
          `${program} ${args.join(' ')}: ${outcome.code} ${outcome.said.split('\n').slice(0, 6).join(' | ')}`,
        )
        resolve(outcome)
      })
    })
  const replug = async (each, { up = true } = {}) => {
    await each.plug()
    await until(
      'the kernel to have set the adapter up',
      () => performance.now() - (each.told.at(-1)?.at ?? 0) > 200,
    )
    if (up) await run('hciconfig', each.name, 'up')
    note(`plugged in: ${each.name}`)
  }
  const stand = {
    air,
    folder,
    later,
    note,
    run,
    topics,
    /** Plugs in a controller that was pulled, and has it switched on. */
    replug,
    /** Plugs in a new controller, and has it switched on. */
    plug: async ({ up, ...options } = {}) => {
      const address = `00:1a:7d:da:71:${10 + controllers.length}`
      const each = controller({ address, ...options })
      controllers.push(each)
      await replug(each, { up })
      return each
    },
    /** Starts the daemon with such a section `[Bluetooth]`, and such other sections. */
    daemon: (bluetooth, { sections, client = 'house', ...options } = {}) => {
      const text = configuration({ bluetooth, sections, client })
      const daemon = start(join(folder, `${client}.ini`), note, { text, ...options })
      later(daemon.close)
      return daemon
    },
    /** Plugs in a new controller, and starts a daemon that hears both sensors through it. */
    listening: async (bluetooth = {}, { controller, ...options } = {}) => {
      const dongle = await stand.plug(controller)
      const program = stand.daemon(bluetooth, options)
      await stand.hears()
      return { dongle, program }
    },
    /** Starts another command of the program. */
    command: (command, ...args) => {
      const started = start('', note, { command, args })
      later(started.close)
      return started
    },
    /** Waits until both sensors have been heard anew. */
    hears: (seconds) => topics.hears([livingRoom, freezer], seconds),
    /** Waits until an adapter scans actively and has nothing left out. */
    scans: ({ state, address }, seconds) =>
      until(
        `${address} to scan actively and unfiltered`,
        () => state.scanning && state.active && !state.filtered,
        { seconds, got: () => state },
      ),
    close: async () => {
      air.close()
      for (const close of closing.reverse()) await close()
      for (const each of controllers) {
        note(`${each.address} was told ${each.told.slice(-60).map(commandText).join(', ')}`)
        each.unplug()
      }
      await topics.close()
      rmSync(folder, { recursive: true })
    },
  }
  return stand
}

const commandText = ({ opcode, parameters }) =>
  `${opcode.toString(16)} ${parameters.toString('hex', 0, 16)}`.trim()
