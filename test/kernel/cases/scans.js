import { opcodes } from '../controller.js'
import { expect, pause, until } from '../waiting.js'

const { enable, set, reset } = opcodes

const disturbed = /Another program changed the Bluetooth scan; starting it again/

/** Another program gives the controller a command of its own. */
const tell = ({ run }, { name }, command, ...parameters) =>
  run('hcitool', '-i', name, 'cmd', '0x08', `0x${(command & 0x3ff).toString(16)}`, ...parameters)

/** A random number generator that can be started with the same seed again. */
function seeded(seed) {
  let state = seed
  return (below) => {
    state = (state * 1103515245 + 12345) & 0x7fffffff
    return (state >> 8) % below
  }
}

/** Whatever somebody does to the scan, it is started again, and nobody is told that it was gone. */
function isSetRight(disturb) {
  return async (stand) => {
    const { listening, hears, scans, topics } = stand
    const { dongle, program } = await listening()
    await disturb(stand, dongle)
    await program.says(disturbed)
    await scans(dongle)
    await hears()
    expect('bluetooth', topics.valuesOf('bluetooth'), ['LISTENING'])
  }
}

/** What others do to the scan, and what the controller does by itself. */
export const scans = {
  'another program resets the controller': async (stand) => {
    const { listening, hears, run, scans, topics } = stand
    const { dongle } = await listening()
    for (const round of [1, 2]) {
      await run('hciconfig', dongle.name, 'reset')
      await scans(dongle)
      await hears()
      expect(`bluetooth, round ${round}`, topics.valuesOf('bluetooth'), ['LISTENING'])
    }
  },

  'another program gives it the reset command itself': async ({ listening, hears, run, scans, topics }) => {
    const { dongle } = await listening({}, { controller: { bluetooth5: true } })
    await run('hcitool', '-i', dongle.name, 'cmd', '0x03', '0x0003')
    await until('the reset', () => dongle.toldTo(reset).length > 1, {
      got: () => dongle.toldTo(reset).length,
    })
    await scans(dongle)
    await hears()
    expect('bluetooth', topics.valuesOf('bluetooth'), ['LISTENING'])
  },

  'the adapter is switched off and on within a second': async ({ listening, hears, run, scans, topics }) => {
    const { dongle } = await listening()
    await run('sh', '-c', `hciconfig ${dongle.name} down; hciconfig ${dongle.name} up`)
    await scans(dongle)
    await hears()
    expect('bluetooth', topics.valuesOf('bluetooth'), ['LISTENING'])
  },

  'the adapter is switched off, and on again later': async ({ listening, hears, run, scans, topics }) => {
    const { dongle } = await listening()
    await run('hciconfig', dongle.name, 'down')
    await topics.becomes('bluetooth', /^NO ADAPTER: The Bluetooth adapter is switched off/)
    await run('hciconfig', dongle.name, 'up')
    await topics.becomes('bluetooth', 'LISTENING')
    await scans(dongle)
    await hears()
  },

  'another program stops the scan': isSetRight((stand, dongle) => tell(stand, dongle, enable, '00', '00')),

  'another program scans passively, and has repetitions left out': isSetRight(async (stand, dongle) => {
    await tell(stand, dongle, enable, '00', '00')
    await tell(stand, dongle, set, '00', '10', '00', '10', '00', '00', '00')
    await tell(stand, dongle, enable, '01', '01')
  }),

  'the kernel looks for devices by itself': isSetRight(async ({ run }, { name }) => {
    await run('btmgmt', '-i', name, 'power', 'on')
    await run('btmgmt', '-i', name, 'find', '-l')
  }),

  'one that stops the scan again and again is yielded to, and forgotten once it has ended': async (stand) => {
    const { listening, hears, scans } = stand
    const { dongle, program } = await listening()
    const began = performance.now()
    const starts = () => dongle.toldTo(enable, began).filter(({ parameters }) => parameters[0] === 1)
    for (let stops = 0; stops < 4; stops += 1) {
      await tell(stand, dongle, enable, '00', '00')
      await until('the scan to be started again', () => starts().length > stops, {
        got: () => starts().length,
      })
    }
    expect('the pauses to have grown', performance.now() - began > 14_000, true)
    expect('the log', program.said(disturbed).length, 1)
    // So long that the other one can be taken to have ended.
    await tell(stand, dongle, enable, '00', '00')
    await scans(dongle)
    await pause(20)
    const since = performance.now()
    await tell(stand, dongle, enable, '00', '00')
    await until('the scan to be started again', () => dongle.state.scanning, { got: () => dongle.state })
    expect('the pause to be the first one', performance.now() - since < 8000, true)
    await hears()
  },

  'an adapter that refuses to scan, until it agrees': async ({ plug, daemon, hears, topics }) => {
    const dongle = await plug()
    dongle.refuses.set(enable, 0x1f)
    const program = daemon({})
    await program.says(/The Bluetooth adapter refuses to scan \(Unspecified Error\)/)
    expect('bluetooth', topics.valuesOf('bluetooth'), [])
    dongle.refuses.clear()
    await topics.becomes('bluetooth', 'LISTENING')
    await hears()
    expect('the log', program.said(/refuses to scan/).length, 1)
  },

  'an adapter that loses a command': async ({ plug, daemon, hears, topics }) => {
    const dongle = await plug()
    dongle.refuses.set(enable, undefined)
    const program = daemon({ Silence: 15 })
    await until('the lost command', () => dongle.toldTo(enable).length > 0, { got: () => dongle.told.at(-1) })
    dongle.refuses.clear()
    await topics.becomes('bluetooth', 'LISTENING')
    await hears()
    expect('the program to run', program.isRunning(), true)
  },

  'the controller reports a fault of its own': async ({ listening, hears, scans, topics }) => {
    const { dongle, program } = await listening({ Silence: 20 })
    const since = performance.now()
    dongle.send(Buffer.from('04100142', 'hex'))
    await until('the kernel to reset it', () => dongle.toldTo(reset, since).length > 0)
    await topics.becomes('bluetooth', 'LISTENING')
    await scans(dongle)
    await hears()
    expect('the program to run', program.isRunning(), true)
  },

  'events that no controller sends': async ({ listening, hears, note, topics }) => {
    const { dongle, program } = await listening()
    const before = program.memory()
    const random = seeded(20)
    for (let round = 0; round < 200; round += 1) {
      for (let count = 0; count < 10; count += 1) {
        const parameters = Buffer.from(Array.from({ length: random(60) }, () => random(256)))
        // Of all events mostly those that are about advertisements and commands, which are read.
        const event = [0x3e, 0x3e, 0x0e, 0x0f, random(256)][random(5)]
        const length = random(4) === 0 ? random(256) : parameters.length
        // A fault of its own has the kernel reset it; that is another case.
        if (event !== 0x10) dongle.send(Buffer.concat([Buffer.of(0x04, event, length), parameters]))
      }
      await pause(0.02)
    }
    await hears()
    await topics.becomes('bluetooth', 'LISTENING')
    note(`memory: ${before} KiB before, ${program.memory()} after`)
    expect('the growth of its memory to be below 30 MiB', program.memory() - before < 30_000, true)
  },
}
