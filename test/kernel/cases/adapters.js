import { livingRoom } from '../air.js'
import { expect, pause, until } from '../waiting.js'

const modules = `${process.env.CACHE}/modules`

const deafness = ({ valuesOf }) => valuesOf('bluetooth').filter((state) => state.startsWith('DEAF'))

/** Adapters that come, go, and come back. */
export const adapters = {
  'a named adapter that is pulled and put back within a second': async (stand) => {
    const { listening, replug, hears, topics } = stand
    const { dongle, program } = await listening({ Adapter: 'hci0' })
    dongle.unplug()
    await topics.becomes('bluetooth', /^NO ADAPTER: .*asks for hci0/)
    await replug(dongle)
    expect('its number', dongle.number, 0)
    await hears()
    await topics.becomes('bluetooth', 'LISTENING')
    expect('deafness', deafness(topics), [])
    expect('the log', program.said(/Nothing has been heard|takes its place\.$/), [])
  },

  'each of two named adapters that is pulled and put back within a second': async (stand) => {
    const { plug, replug, daemon, hears, scans, topics } = stand
    const dongles = [await plug(), await plug()]
    const program = daemon({ Adapter: 'hci0,hci1' })
    await hears()
    for (const [number, dongle] of dongles.entries()) {
      const since = performance.now()
      dongle.unplug()
      await program.says(new RegExp(`hci${number}: No Bluetooth adapter was found`), { since })
      await replug(dongle)
      expect('its number', dongle.number, number)
      await scans(dongle)
      await program.says(new RegExp(`hci${number}: works again`), { since })
    }
    await hears()
    expect('bluetooth', topics.valuesOf('bluetooth'), ['LISTENING'])
  },

  'an adapter by its address, whatever its number': async ({
    plug,
    replug,
    daemon,
    hears,
    scans,
    topics,
  }) => {
    const [other, dongle] = [await plug(), await plug()]
    daemon({ Adapter: dongle.address.toUpperCase() })
    await hears()
    expect('the other one to scan', other.state.scanning, false)
    other.unplug()
    dongle.unplug()
    await topics.becomes('bluetooth', /^NO ADAPTER/)
    await replug(dongle)
    await replug(other)
    expect('the numbers', [dongle.number, other.number], [0, 1])
    await scans(dongle)
    await hears()
    await topics.becomes('bluetooth', 'LISTENING')
    expect('the other one to scan', other.state.scanning, false)
  },

  'a named adapter that stays away is stood in for after a minute, until it is back': async (stand) => {
    const { plug, replug, daemon, hears, scans, topics } = stand
    const [dongle, other] = [await plug(), await plug()]
    const program = daemon({ Adapter: 'hci0' })
    await hears()
    expect('the other one to scan', other.state.scanning, false)
    dongle.unplug()
    const since = performance.now()
    await topics.becomes('bluetooth', /^NO ADAPTER/)
    await topics.becomes('bluetooth', 'LISTENING', 180)
    expect('the pause to be a minute', performance.now() - since > 55_000, true)
    await program.says(/hci0 has been missing for a minute: hci1 takes its place/)
    await scans(other)
    await hears()
    await replug(dongle)
    await program.says(/hci0 is back, and takes its place again/)
    await scans(dongle)
    await until('the other one to be left alone', () => !other.state.scanning, { got: () => other.state })
    await hears()
  },

  'an adapter that comes back before anybody could let go of its number': async (stand) => {
    const { plug, replug, daemon, hears, scans, topics } = stand
    const dongle = await plug()
    const program = daemon({ Adapter: 'hci0' })
    const byAddress = daemon({ Adapter: dongle.address }, { client: 'attic' })
    await hears()
    await byAddress.says(/heard Govee_H5074/)
    dongle.unplug()
    const since = performance.now()
    await replug(dongle)
    expect('its number', dongle.number, 1)
    await byAddress.says(/works again/, { since })
    await scans(dongle)
    await program.says(/hci0 has been missing for a minute: hci1 takes its place/, { since, seconds: 180 })
    await topics.becomes('bluetooth', 'LISTENING')
    await hears()
  },

  'without a name any adapter will do, under any number': async ({ listening, replug, hears, topics }) => {
    const { dongle, program } = await listening()
    for (const gap of ['none', 'until it is missed']) {
      const since = performance.now()
      dongle.unplug()
      if (gap !== 'none') await topics.becomes('bluetooth', /^NO ADAPTER/)
      await replug(dongle)
      await program.says(/works again/, { since })
      await hears()
    }
    await topics.becomes('bluetooth', 'LISTENING')
    expect('deafness', deafness(topics), [])
  },

  'one that was there and stays away for Restart ends the program with 3': async ({ listening, topics }) => {
    const { dongle, program } = await listening({ Restart: 10 })
    dongle.unplug()
    expect('the exit code', await program.ends(), 3)
    expect(
      'the log',
      program.said(/giving up: the Bluetooth adapter has gone and is not found again/).length,
      1,
    )
    expect('the state that is retained', await topics.retained('bluetooth'), 'STOPPED')
    expect('the status that is retained', await topics.retained('status'), 'OFFLINE')
  },

  'one that never was there is waited for, and heard when it comes': async ({
    plug,
    daemon,
    hears,
    topics,
  }) => {
    const program = daemon({ Restart: 5 })
    await topics.becomes('bluetooth', /^NO ADAPTER: No Bluetooth adapter was found/)
    await pause(15)
    expect('the program to run', program.isRunning(), true)
    await plug()
    await topics.becomes('bluetooth', 'LISTENING')
    await hears()
  },

  'the kernel module that is loaded late': async ({ plug, daemon, hears, run, later, topics }) => {
    const load = (name) => run('busybox', 'insmod', `${modules}/${name}.ko`)
    for (const name of ['hci_vhci', 'bluetooth'])
      expect('the code', (await run('busybox', 'rmmod', name)).code, 0)
    later(async () => {
      await load('bluetooth')
      await load('hci_vhci')
    })
    const program = daemon({})
    await program.says(/The kernel of this system has no Bluetooth: run sudo modprobe bluetooth/)
    await topics.becomes('bluetooth', /^NO ADAPTER: The kernel of this system has no Bluetooth/)
    await load('bluetooth')
    await load('hci_vhci')
    await topics.becomes('bluetooth', /^NO ADAPTER: No Bluetooth adapter was found/)
    await plug()
    await topics.becomes('bluetooth', 'LISTENING')
    await hears()
  },

  'two adapters: one is enough, and when both have gone both are named': async (stand) => {
    const { plug, replug, daemon, hears, topics } = stand
    const [first, second] = [await plug(), await plug()]
    daemon({ Adapter: 'hci0,hci1' })
    await hears()
    first.unplug()
    await hears()
    expect('bluetooth', topics.valuesOf('bluetooth'), ['LISTENING'])
    second.unplug()
    await topics.becomes('bluetooth', /^NO ADAPTER: hci0: .*hci0.* hci1: .*hci1/)
    await replug(second)
    await topics.becomes('bluetooth', 'LISTENING')
    await hears()
  },

  'two adapters that hear the same say it once': async ({ listening, air, plug, topics }) => {
    await plug()
    await listening({ Adapter: 'hci0,hci1' })
    const since = performance.now()
    await pause(5)
    air.isOn = false
    const values = topics.valuesOf(livingRoom, since)
    expect('to be heard', values.length > 0, true)
    expect(
      'values that follow themselves',
      values.filter((value, at) => value === values[at - 1]),
      [],
    )
  },

  'one that is switched off is said to be, and switched on after Silence': async ({
    plug,
    daemon,
    hears,
    topics,
  }) => {
    const dongle = await plug({ up: false })
    const program = daemon({ Silence: 15 })
    await topics.becomes('bluetooth', /^NO ADAPTER: The Bluetooth adapter is switched off/)
    await topics.becomes('bluetooth', 'LISTENING')
    await hears()
    expect('the log', program.said(/Switching the Bluetooth adapter off and on again/).length, 1)
    expect('the log', program.said(/Another program/), [])
    expect('deafness', deafness(topics), [])
    expect('to scan', dongle.state.scanning, true)
  },

  'one without a public address': async ({ plug, daemon, hears, run, topics }) => {
    const dongle = await plug({ randomOnly: true, up: false })
    await run('btmgmt', '-i', dongle.name, 'static-addr', 'C0:11:22:33:44:55')
    await run('btmgmt', '-i', dongle.name, 'power', 'on')
    daemon({})
    await topics.becomes('bluetooth', 'LISTENING')
    await hears()
  },
}
