import { asService, thermometers } from '../daemon.js'
import { expect, pause } from '../waiting.js'

const inherited = `[SensorCapabilities]
Class = exec.exec_sensor.ExecSensor
Script = cat /proc/self/status
Destination = capabilities
Poll = 2
`

/** Sets the clock of the machine on by so many seconds. */
const moveClock = ({ run }, seconds) => run('date', '-s', `@${Math.round(Date.now() / 1000) + seconds}`)

/** The machine around the program, and others on it. */
export const machine = {
  'two programs share an adapter, and one may go': async ({ plug, daemon, hears, scans, topics }) => {
    const dongle = await plug()
    const attic = daemon({}, { client: 'attic' })
    await attic.says(/heard Govee_H5074/)
    const house = daemon({})
    await house.says(/heard Govee_H5074/)
    await hears()
    const since = performance.now()
    const { code } = await attic.stop()
    expect('the exit code', code, 0)
    await scans(dongle)
    await topics.becomes('status', /LINE/)
    await topics.hears(['govee/GVH5075_2233/temp_c', 'govee/Govee_H5074_4455/temp_c'])
    expect('the log', house.said(/Nothing has been heard/, since), [])
  },

  'the clock goes back by an hour, and on by a day': async (stand) => {
    const { listening, hears, topics } = stand
    const { program } = await listening({ Silence: 30, Expire: 60 })
    stand.later(() => moveClock(stand, 3600 - 86_400))
    for (const seconds of [-3600, 86_400]) {
      await moveClock(stand, seconds)
      await hears()
      await hears()
    }
    expect('bluetooth', topics.valuesOf('bluetooth'), ['LISTENING'])
    expect('the log', program.said(/Nothing has been heard|WARN.*Bluetooth|ERROR/), [])
    const statuses = topics.valuesOf('govee/GVH5075_2233/status')
    expect(
      'the status of the sensor',
      statuses.filter((status) => status !== 'ONLINE'),
      [],
    )
  },

  'the machine sleeps, and the adapter with it': async ({ listening, hears, note, run, scans, topics }) => {
    const { dongle, program } = await listening({}, { controller: { bluetooth5: true } })
    // The kernel stops the scan, has every process stand still for five seconds, and wakes up again.
    const since = performance.now()
    const { code } = await run(
      'sh',
      '-c',
      'echo freezer > /sys/power/pm_test && echo freeze > /sys/power/state',
    )
    expect('the code', code, 0)
    note(`slept for ${((performance.now() - since) / 1000).toFixed(1)} s`)
    await scans(dongle)
    await hears()
    await topics.becomes('bluetooth', 'LISTENING')
    expect('the program to run', program.isRunning(), true)
  },

  'programs that are started get none of its capabilities': async ({ listening, topics }) => {
    await listening({}, { sections: thermometers + inherited, through: asService() })
    await topics.becomes('capabilities', /CapInh:\s0+\nCapPrm:\s0+\nCapEff:\s0+\n.*\nCapAmb:\s0+\n/)
  },

  'a program that is held up for a while does not lose the adapter': async ({
    listening,
    hears,
    scans,
    topics,
  }) => {
    const { dongle, program } = await listening({ Silence: 15 })
    program.kill('SIGSTOP')
    await pause(20)
    program.kill('SIGCONT')
    await hears()
    await scans(dongle)
    await topics.becomes('bluetooth', 'LISTENING')
  },

  'a whole house of packets': async ({ listening, hears, air, note, topics }) => {
    const { dongle, program } = await listening()
    air.isOn = false
    const before = program.memory()
    for (let count = 0; count < 5000; count += 1) {
      const address = `c0:00:00:00:${(count >> 8).toString(16).padStart(2, '0')}:${(count & 255).toString(16).padStart(2, '0')}`
      dongle.air({ address, data: Buffer.from('0201060303aafe', 'hex') })
      if (count % 50 === 0) await pause(0.02)
    }
    air.isOn = true
    await hears()
    note(`memory: ${before} KiB before, ${program.memory()} KiB after 5000 strangers`)
    expect('the growth of its memory to be below 30 MiB', program.memory() - before < 30_000, true)
    await topics.becomes('bluetooth', 'LISTENING')
  },
}
