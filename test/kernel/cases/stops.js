import { opcodes } from '../controller.js'
import { configuration } from '../daemon.js'
import { expect, pause, until } from '../waiting.js'

const { enable } = opcodes

const heartbeat = `[SensorHeart]
Class = heartbeat.heartbeat.Heartbeat
Num-Dest = heart/ms
Str-Dest = heart/text
Poll = 1
`

/** Has the program stop, and looks at what it leaves behind. */
async function stopWell(program, { topics }) {
  const { code, seconds } = await program.stop()
  expect('the exit code', code, 0)
  // Five by itself; an emulated machine takes one or two to end a process.
  expect(`its ${seconds.toFixed(1)} s to stop to be below 8 s`, seconds < 8, true)
  expect('the status that is retained', await topics.retained('status'), 'OFFLINE')
  expect('the state that is retained', await topics.retained('bluetooth'), 'STOPPED')
}

const isUp = async ({ run }, { name }) => /\bUP RUNNING/.test((await run('hciconfig', name)).said)

/** How the program ends, whatever it is at. */
export const stops = {
  'SIGTERM while it listens': async (stand) => {
    const { dongle, program } = await stand.listening()
    await stopWell(program, stand)
    expect('to scan', dongle.state.scanning, false)
    expect('to be up', await isUp(stand, dongle), true)
  },

  'SIGINT while it listens': async (stand) => {
    const { dongle, program } = await stand.listening()
    const { code } = await program.stop('SIGINT')
    expect('the exit code', code, 0)
    expect('to scan', dongle.state.scanning, false)
    expect('the state that is retained', await stand.topics.retained('bluetooth'), 'STOPPED')
  },

  'SIGTERM while there is no adapter': async (stand) => {
    const program = stand.daemon({})
    await stand.topics.becomes('bluetooth', /^NO ADAPTER/)
    await stopWell(program, stand)
  },

  'SIGTERM while the adapter is off': async (stand) => {
    await stand.plug({ up: false })
    const program = stand.daemon({})
    await stand.topics.becomes('bluetooth', /^NO ADAPTER: .*switched off/)
    await stopWell(program, stand)
  },

  'SIGTERM while it is deaf': async (stand) => {
    stand.air.isOn = false
    const dongle = await stand.plug()
    const program = stand.daemon({ Silence: 10, Restart: 0 })
    await stand.topics.becomes('bluetooth', /^DEAF/)
    await program.says(/Opening the Bluetooth adapter anew/)
    await stopWell(program, stand)
    expect('to scan', dongle.state.scanning, false)
    expect('to be up', await isUp(stand, dongle), true)
  },

  'SIGTERM in the middle of its power cycle leaves the adapter on': async (stand) => {
    const { dongle, program } = await stand.listening({ Silence: 10, Restart: 0 })
    stand.air.isOn = false
    const tells = (value, since) => () =>
      dongle.toldTo(enable, since).some(({ parameters }) => parameters[0] === value)
    await until('the scan to be started again', tells(1, performance.now()))
    // The kernel ends the scan before it has the adapter off, and takes no other command until then.
    const since = performance.now()
    dongle.ponders.add(enable)
    await until('the adapter to be on its way off', tells(0, since))
    program.kill('SIGTERM')
    await program.says(/INFO sensor-reporter: stopped/)
    dongle.goOn()
    expect('the exit code', await program.ends(), 0)
    // What the kernel has still to do is nothing that the controller would be told.
    await pause(4)
    expect('to be up', await isUp(stand, dongle), true)
  },

  'SIGTERM while the controller hangs': async (stand) => {
    const { dongle, program } = await stand.listening({ Silence: 10, Restart: 0 })
    dongle.hangs = true
    await program.says(/Switching the Bluetooth adapter off and on again/)
    await stopWell(program, stand)
  },

  'SIGTERM while the adapter refuses to scan': async (stand) => {
    const dongle = await stand.plug()
    dongle.refuses.set(enable, 0x0c)
    const program = stand.daemon({})
    await program.says(/refuses to scan/)
    await stopWell(program, stand)
  },

  'SIGKILL leaves nothing that the next start would mind': async ({ listening, daemon, hears, topics }) => {
    const { dongle, program } = await listening()
    expect('how it ended', (await program.stop('SIGKILL')).code, 'SIGKILL')
    await topics.becomes('status', 'OFFLINE')
    expect('to scan, since nobody has ended that', dongle.state.scanning, true)
    daemon({})
    await topics.becomes('status', 'ONLINE')
    await hears()
  },

  'a reload without Bluetooth sensors ends the scan, one with them starts it': async (stand) => {
    const { listening, hears, scans, topics } = stand
    const { dongle, program } = await listening()
    await program.reload(configuration({ sections: heartbeat }))
    await topics.becomes('bluetooth', 'STOPPED')
    await until('the scan to end', () => !dongle.state.scanning, { got: () => dongle.state })
    expect('the state that is retained', await topics.retained('bluetooth'), 'STOPPED')
    expect(
      'sockets',
      program.holds().filter((name) => name.includes('bluetooth')),
      [],
    )
    await topics.hears('heart/ms')
    await pause(1)
    await program.reload(configuration({}))
    await topics.becomes('bluetooth', 'LISTENING')
    await scans(dongle)
    await hears()
  },

  'a reload that changes nothing of Bluetooth does not touch the adapter': async (stand) => {
    const { listening, hears, topics } = stand
    const { dongle, program } = await listening()
    const since = performance.now()
    await program.reload(configuration({ bluetooth: {}, sections: undefined }) + heartbeat)
    await topics.hears('heart/ms')
    await hears()
    expect('commands', dongle.told.filter(({ at }) => at >= since).length, 0)
    expect('bluetooth', topics.valuesOf('bluetooth'), ['LISTENING'])
    expect('status', topics.valuesOf('status'), ['ONLINE'])
  },

  'a reload to another adapter': async ({ plug, daemon, hears, scans, topics }) => {
    const [first, second] = [await plug(), await plug()]
    const program = daemon({ Adapter: 'hci0' })
    await hears()
    await program.reload(configuration({ bluetooth: { Adapter: 'hci1' } }))
    await scans(second)
    await until('the first one to be left', () => !first.state.scanning, { got: () => first.state })
    await hears()
    await topics.becomes('bluetooth', 'LISTENING')
  },
}
