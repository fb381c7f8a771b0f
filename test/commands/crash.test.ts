import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { userFolder } from '../examples/userFolder.js'
import { program } from '../support/program.js'

const plugin = `import { NEVER } from 'rxjs'
import { fields, sensorPlugin } from 'sensor-reporter'
export const Late = sensorPlugin({
  summary: 'Fails where nobody can catch it.',
  options: fields.object({}),
  create: () => {
    setTimeout(() => { throw new Error('too late') })
    return NEVER
  },
})
`
const ini = `[Connection1]
Class = local.local_conn.LocalConnection
Name = local
[Sensor1]
Class = ./late.js#Late
`

it('says where an error came from that nobody has caught, and gives up with 3', async () => {
  const folder = userFolder([])
  writeFileSync(join(folder, 'late.js'), plugin, { mode: 0o600 })
  writeFileSync(join(folder, 'late.ini'), ini, { mode: 0o600 })
  const daemon = program(['run', join(folder, 'late.ini'), '--replay', '-'])
  expect(await daemon.exit).toBe(3)
  expect(daemon.lines.join('\n')).toMatch(
    / ERROR sensor-reporter: giving up: Error: too late \(late\.js:7\)$/m,
  )
})
