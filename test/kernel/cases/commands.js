import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freezer } from '../air.js'
import { opcodes } from '../controller.js'
import { expect, until } from '../waiting.js'

const recorded = (file) => {
  try {
    return readFileSync(file, 'utf8').trim().split('\n').filter(Boolean)
  } catch {
    return []
  }
}

/** The commands beside the daemon that use an adapter or look at it. */
export const commands = {
  'scan shows what is in range': async ({ plug, command }) => {
    const dongle = await plug()
    const scan = command('scan')
    await scan.says(/GVH5075_2233 +Govee +H5075/)
    await scan.says(/Govee_H5074_4455 +Govee +H5074 +-72 dBm +-5/)
    expect('the exit code', (await scan.stop('SIGINT')).code, 0)
    expect('to scan', dongle.state.scanning, false)
  },

  'record writes what is heard, and decode reads it': async ({ plug, command, folder }) => {
    const dongle = await plug({ bluetooth5: true })
    const file = join(folder, 'heard.jsonl')
    const record = command('record', file)
    await until('records of both sensors', () => {
      const lines = recorded(file)
      return ['a4:c1:38:11:22:33', 'e3:5e:cc:21:44:55'].every((address) =>
        lines.some((line) => line.includes(address)),
      )
    })
    expect('the exit code', (await record.stop('SIGINT')).code, 0)
    expect('to scan', dongle.state.scanning, false)
    const decode = command('decode', file)
    expect('the exit code', await decode.ends(), 0)
    await decode.says(/"model":"H5075".*"temperature_c":2\d/)
    await decode.says(/"model":"H5074".*"temperature_c":-5/)
  },

  'scan and the daemon listen beside each other': async ({ listening, command, topics }) => {
    await listening()
    const scan = command('scan')
    await scan.says(/Govee_H5074_4455 +Govee +H5074/)
    expect('the exit code', (await scan.stop('SIGINT')).code, 0)
    await topics.hears(freezer)
    expect('bluetooth', topics.valuesOf('bluetooth'), ['LISTENING'])
  },

  'scan without an adapter says what to do': async ({ command }) => {
    const scan = command('scan')
    await scan.says(/No Bluetooth adapter was found: plug one in/)
    expect('the exit code', (await scan.stop('SIGINT')).code, 0)
  },

  'doctor finds an adapter that is well, and disturbs nobody': async ({ listening, command, hears }) => {
    const { dongle } = await listening()
    const since = performance.now()
    const doctor = command('doctor')
    await doctor.says(/^ok +the adapter hci0 is on, and answers/)
    expect('the exit code', await doctor.ends(), 0)
    await doctor.says(/^ok +rfkill does not block Bluetooth/)
    await doctor.says(/also used by node \(process \d+\)/)
    const told = dongle.told.filter(({ at }) => at >= since).map(({ opcode }) => opcode)
    expect('what the controller was told', told, [opcodes.readVersion])
    await hears()
  },

  'doctor does not believe an adapter that hangs': async ({ plug, command }) => {
    const dongle = await plug()
    dongle.hangs = true
    const doctor = command('doctor')
    await doctor.says(
      /^not ok +The adapter hci0 is on, but does not answer: unplug it and plug it in again, or reboot/,
    )
    expect('the exit code', await doctor.ends(), 1)
  },

  'doctor finds what is off, blocked, or not there': async ({ plug, command, run }) => {
    const nothing = command('doctor')
    await nothing.says(/^not ok +No Bluetooth adapter was found/)
    expect('the exit code', await nothing.ends(), 1)
    const dongle = await plug({ up: false })
    const { said } = await run('sh', '-c', 'grep -l bluetooth /sys/class/rfkill/*/type')
    writeFileSync(said.replace(/type$/, 'soft'), '1')
    const doctor = command('doctor')
    await doctor.says(
      new RegExp(`^not ok +The adapter ${dongle.name} is off: run sudo rfkill unblock bluetooth`),
    )
    await doctor.says(/^not ok +rfkill blocks Bluetooth: run sudo rfkill unblock bluetooth/)
    expect('the exit code', await doctor.ends(), 1)
  },
}
