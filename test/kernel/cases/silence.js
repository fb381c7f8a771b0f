import { chmodSync, chownSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { opcodes } from '../controller.js'
import { asService } from '../daemon.js'
import { expect, until } from '../waiting.js'

const { enable, reset } = opcodes

const rungs = [
  /Restarting the Bluetooth scan\./,
  /Switching the Bluetooth adapter off and on again\./,
  /Opening the Bluetooth adapter anew\./,
]

/** The switches of rfkill that are for Bluetooth. */
const blocks = () =>
  readdirSync('/sys/class/rfkill')
    .map((name) => `/sys/class/rfkill/${name}`)
    .filter((folder) => readFileSync(`${folder}/type`, 'utf8').trim() === 'bluetooth')

const isBlocked = () => blocks().some((folder) => readFileSync(`${folder}/soft`, 'utf8').trim() === '1')

const block = () => {
  for (const folder of blocks()) writeFileSync(`${folder}/soft`, '1')
}

/** The group that udev gives rfkill to. */
const netdev = 4242

const offered = (mode) => {
  chownSync('/dev/rfkill', 0, netdev)
  chmodSync('/dev/rfkill', mode)
}

/** Nobody is heard any more: what is tried, and what helps. */
export const silence = {
  'when nobody is heard three things are tried, and it is deaf until somebody is': async (stand) => {
    const { listening, air, hears, topics } = stand
    const { dongle, program } = await listening({ Silence: 10, Restart: 0 })
    air.isOn = false
    const since = performance.now()
    await topics.becomes('bluetooth', /^DEAF since 20/)
    for (const rung of rungs) await program.says(rung)
    await until(
      'it to be told to scan thrice',
      () => dongle.toldTo(enable, since).filter(({ parameters }) => parameters[0] === 1).length >= 3,
    )
    expect('a power cycle', dongle.toldTo(reset, since).length > 0, true)
    air.isOn = true
    await topics.becomes('bluetooth', 'LISTENING')
    await hears()
    await program.says(/hears again after \d+ s/)
    for (const rung of rungs) expect('times each thing is logged', program.said(rung).length, 1)
    expect('the log', program.said(/Another program|switched off:/), [])
  },

  'a radio that its own power cycle cures is well at once': async ({ listening, air, hears, topics }) => {
    const { dongle, program } = await listening({ Silence: 10, Restart: 0 })
    air.isOn = false
    const since = performance.now()
    await until('it to be switched off and on', () => dongle.toldTo(reset, since).length > 0)
    air.isOn = true
    await program.says(/hears again/)
    await topics.becomes('bluetooth', 'LISTENING')
    await hears()
    const states = topics.valuesOf('bluetooth').map((state) => state.split(' ')[0])
    expect('its states', states, ['LISTENING', 'DEAF', 'LISTENING'])
    expect('the log', program.said(/Another program|switched off:/), [])
  },

  'a controller that hangs stays deaf, and ends the program with 3': async ({ listening, topics }) => {
    const { dongle, program } = await listening({ Silence: 10, Restart: 60 })
    dongle.hangs = true
    await topics.becomes('bluetooth', /^DEAF since/)
    await program.says(/cannot be switched off and on: it (does not answer|failed), so unplug it/)
    expect('the exit code', await program.ends(150), 3)
    expect('the log', program.said(/giving up: Bluetooth is deaf, and nothing has helped/).length, 1)
    const states = topics.valuesOf('bluetooth').map((state) => state.split(' ')[0])
    expect('its states', states, ['LISTENING', 'DEAF', 'STOPPED'])
    expect('the log', program.said(/is switched off|the kernel says \d/), [])
  },

  'a controller that hangs, and comes to itself': async ({ listening, hears, topics }) => {
    const { dongle, program } = await listening({ Silence: 10, Restart: 0 })
    dongle.hangs = true
    await program.says(/cannot be switched off and on/)
    dongle.hangs = false
    await topics.becomes('bluetooth', 'LISTENING', 180)
    await hears()
    const states = topics.valuesOf('bluetooth').map((state) => state.split(' ')[0])
    expect('its states', states, ['LISTENING', 'DEAF', 'LISTENING'])
  },

  'who is blocked by rfkill is freed by root': async ({ listening, hears, topics }) => {
    const { program } = await listening({ Silence: 10 })
    block()
    await topics.becomes('bluetooth', /^NO ADAPTER: .* switched off: run sudo rfkill unblock bluetooth/)
    await topics.becomes('bluetooth', 'LISTENING')
    await hears()
    expect('to be blocked', isBlocked(), false)
    expect('the program to run', program.isRunning(), true)
  },

  'who is blocked by rfkill is freed by the service, that is in the group netdev': async (stand) => {
    const { listening, hears, topics } = stand
    offered(0o660)
    await listening({ Silence: 10 }, { through: asService(netdev) })
    block()
    await topics.becomes('bluetooth', /^NO ADAPTER/)
    await topics.becomes('bluetooth', 'LISTENING')
    await hears()
    expect('to be blocked', isBlocked(), false)
  },

  'who may not free it says so, and listens when somebody else has': async (stand) => {
    const { listening, hears, run, topics } = stand
    offered(0o600)
    const { dongle, program } = await listening({ Silence: 10 }, { through: asService() })
    block()
    await topics.becomes('bluetooth', /^NO ADAPTER/)
    await program.says(
      /Bluetooth is blocked, and this program may not unblock it: sudo rfkill unblock bluetooth/,
    )
    expect('to be blocked', isBlocked(), true)
    for (const folder of blocks()) writeFileSync(`${folder}/soft`, '0')
    await run('hciconfig', dongle.name, 'up')
    await topics.becomes('bluetooth', 'LISTENING')
    await hears()
  },

  'the two capabilities of the unit file are enough': async ({ listening, air, hears, topics }) => {
    const { dongle, program } = await listening({ Silence: 10, Restart: 0 }, { through: asService() })
    air.isOn = false
    const since = performance.now()
    await until('it to be switched off and on', () => dongle.toldTo(reset, since).length > 0)
    air.isOn = true
    await topics.becomes('bluetooth', 'LISTENING')
    await hears()
    expect('the log', program.said(/cannot be switched off and on|not permitted/), [])
  },

  'without CAP_NET_ADMIN it listens, and resets the controller at most': async ({
    listening,
    air,
    hears,
    topics,
  }) => {
    const { dongle, program } = await listening(
      { Silence: 10, Restart: 0 },
      { through: asService('', '+net_raw') },
    )
    air.isOn = false
    const since = performance.now()
    await program.says(
      /cannot be switched off and on: that needs CAP_NET_ADMIN: add it to AmbientCapabilities/,
    )
    await until('it to be reset', () => dongle.toldTo(reset, since).length > 0)
    air.isOn = true
    await topics.becomes('bluetooth', 'LISTENING')
    await hears()
  },

  'without any capability it says which ones are missing': async ({ plug, daemon, topics }) => {
    await plug()
    const program = daemon({}, { through: asService('', '') })
    await program.says(/Bluetooth is not permitted: add AmbientCapabilities=CAP_NET_RAW CAP_NET_ADMIN/)
    await topics.becomes('bluetooth', /^NO ADAPTER: Bluetooth is not permitted/)
  },
}
