import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writablePlaces } from '../../src/commands/check.js'
import { mqttSection } from '../exec/mqttSection.js'
import { program, temporaryFile } from '../support/program.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

const config = (spool: string, file: string) =>
  `[Logging]\nFile = ${file}\n\n${mqttSection(1883)}Offline = all\nSpool = ${spool}\n`

const problemsOf = async (command: string, spool: string, log: string) => {
  const { lines, exit } = program([command, temporaryFile('x.ini', config(spool, log))])
  await exit
  return lines.filter((line) => line.includes('ReadWritePaths'))
}

describe('files where the service may not write', () => {
  it.each(['check', 'doctor'])('are named by %s, with what to do', async (command) => {
    expect(await problemsOf(command, '/mnt/usb/home.spool', 'reporter.log')).toEqual([
      expect.stringMatching(
        /\[Logging\] File: the systemd service may not write there.* ReadWritePaths=\/tmp\//,
      ),
      expect.stringMatching(/\[Connection1\] Spool: the systemd service .* ReadWritePaths=\/mnt\/usb$/),
    ])
  })

  it('are not those in its own folders', async () => {
    const places = ['/var/lib/sensor-reporter/home.spool', '/var/log/sensor-reporter/reporter.log'] as const
    expect(await problemsOf('check', ...places)).toEqual([])
  })

  it('nor in those that were added to the unit', () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'override.conf'), '[Service]\nReadWritePaths=/mnt/usb -/srv/log\n')
    expect(writablePlaces(folder).slice(2)).toEqual(['/mnt/usb', '/srv/log'])
  })
})
