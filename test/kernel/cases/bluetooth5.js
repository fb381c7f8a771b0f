import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { opcodes } from '../controller.js'
import { expect, until } from '../waiting.js'

const { set, enable, extendedSet, extendedEnable, setLeEvents } = opcodes

const countOf = ({ toldTo }, ...commands) =>
  commands.reduce((sum, command) => sum + toldTo(command).length, 0)

/** A bus and bluetoothd, as they run on most machines. */
async function startBluetoothd({ folder, later, note, run }) {
  const file = `${folder}/bus.conf`
  writeFileSync(
    file,
    `<busconfig><type>system</type><listen>unix:path=/run/dbus/system_bus_socket</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/></policy></busconfig>`,
  )
  mkdirSync('/run/dbus', { recursive: true })
  for (const [program, ...args] of [
    ['dbus-daemon', '--nofork', `--config-file=${file}`],
    [`${process.env.CACHE}/root/usr/libexec/bluetooth/bluetoothd`, '-n'],
  ]) {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => note(`${program}: ${String(data).trim()}`))
    const ended = new Promise((resolve) => child.once('close', resolve))
    later(async () => {
      child.kill('SIGKILL')
      await ended
    })
    if (program === 'dbus-daemon')
      await until(
        'the bus to answer',
        async () => (await run('busybox', 'stat', '/run/dbus/system_bus_socket')).code === 0,
      )
  }
  await until('bluetoothd to have an adapter', async () =>
    /Controller 00:/.test((await run('bluetoothctl', 'list')).said),
  )
}

/** Has bluetoothd look for devices for some seconds, and returns what it found. */
const discover = async ({ run }) => (await run('bluetoothctl', '--timeout', '10', 'scan', 'on')).said

const besideBluetoothd = (bluetooth5) => async (stand) => {
  const { plug, daemon, hears, scans, topics } = stand
  const dongle = await plug({ bluetooth5 })
  await startBluetoothd(stand)
  const program = daemon({})
  await hears()
  for (const round of [1, 2]) {
    const found = await discover(stand)
    expect(`what bluetoothd finds, round ${round}`, found, /Device A4:C1:38:11:22:33/)
    await scans(dongle)
    await hears()
  }
  expect('commands of the wrong kind', dongle.mixed, 0)
  expect('deafness', topics.valuesOf('bluetooth'), ['LISTENING'])
  expect('the log', program.said(/refuses to scan/), [])
}

/** The kernel itself waits for a device that is paired, by a passive scan for that one alone. */
const pairedDevice =
  (bluetooth5) =>
  async ({ plug, daemon, hears, run, scans, topics }) => {
    const dongle = await plug({ bluetooth5 })
    const waitFor = (last) =>
      run('btmgmt', '-i', dongle.name, 'add-device', '-t', '1', '-a', '2', `11:22:33:44:55:${last}`)
    await run('btmgmt', '-i', dongle.name, 'power', 'on')
    await waitFor('01')
    await until('the kernel to scan passively', () => dongle.state.scanning && !dongle.state.active, {
      got: () => dongle.state,
    })
    const program = daemon({})
    await hears()
    await scans(dongle)
    const since = performance.now()
    await waitFor('02')
    await program.says(/Another program changed the Bluetooth scan/, { since })
    await scans(dongle)
    await hears()
    expect('bluetooth', topics.valuesOf('bluetooth'), ['LISTENING'])
    expect('commands of the wrong kind', dongle.mixed, 0)
  }

/** Controllers of both generations, alone and beside others that scan. */
export const bluetooth5 = {
  'a controller of Bluetooth 4 is told nothing of Bluetooth 5': async ({ listening }) => {
    const { dongle } = await listening()
    expect('commands of Bluetooth 5', countOf(dongle, extendedSet, extendedEnable), 0)
  },

  'a controller of Bluetooth 5 is told nothing of Bluetooth 4': async ({ listening, topics }) => {
    const { dongle, program } = await listening({}, { controller: { bluetooth5: true } })
    await topics.becomes('bluetooth', 'LISTENING')
    expect('commands of Bluetooth 4', countOf(dongle, set, enable), 0)
    expect('the log', program.said(/refuses/), [])
    await program.stop()
    expect('to scan', dongle.state.scanning, false)
  },

  'a controller of Bluetooth 5 that another program has told to scan in the old way': async (stand) => {
    const { plug, daemon, hears, run, topics } = stand
    const dongle = await plug({ bluetooth5: true })
    await run('hcitool', '-i', dongle.name, 'cmd', '0x08', '0x000c', '00', '00')
    const program = daemon({})
    await hears()
    await topics.becomes('bluetooth', 'LISTENING')
    expect('to scan in the new way', dongle.state.extended, false)
    expect('the log', program.said(/refuses/), [])
  },

  'what the kernel wants to be told by a controller is left as it is': async ({
    plug,
    daemon,
    hears,
    run,
    topics,
  }) => {
    const dongle = await plug({ bluetooth5: true })
    const masks = () => dongle.toldTo(setLeEvents).map(({ parameters }) => parameters.readBigUInt64LE(0))
    const [wanted] = masks()
    const program = daemon({})
    await hears()
    const since = performance.now()
    await run('hciconfig', dongle.name, 'reset')
    await topics.becomes('bluetooth', 'LISTENING')
    await hears()
    await program.stop()
    expect('a reset', dongle.toldTo(opcodes.reset, since).length > 0, true)
    expect(
      'events that are no longer wanted',
      masks().filter((mask) => (mask & wanted) !== wanted),
      [],
    )
  },

  'a controller of Bluetooth 4 beside bluetoothd': besideBluetoothd(false),

  'a controller of Bluetooth 5 beside bluetoothd': besideBluetoothd(true),

  'a controller of Bluetooth 4 with which a device is paired': pairedDevice(false),

  'a controller of Bluetooth 5 with which a device is paired': pairedDevice(true),
}
