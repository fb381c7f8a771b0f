import { describe, expect, it } from 'vitest'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { program, temporaryFile } from '../support/program.js'
import { seed } from '../support/seed.js'

const doctor = async (...args: string[]) => {
  const { exit, lines } = program(['doctor', ...args])
  const code = await exit
  return { code, lines }
}

describe('doctor', () => {
  it('says a line for each thing it looks at, and ends with 1 when one is not ok', async () => {
    const { code, lines } = await doctor()
    expect(lines.length).toBeGreaterThanOrEqual(2)
    for (const line of lines) expect(line).toMatch(/^(ok {4}|not ok) {2}\S/)
    expect(code).toBe(lines.some((line) => line.startsWith('not ok')) ? 1 : 0)
  })

  it('says every problem of a configuration, and examines what it can nevertheless', async () => {
    const file = temporaryFile('seed.ini', seed(1, { 'Destination = govee': 'Destination = a/#' }))
    const { code, lines } = await doctor(file)
    expect(code).toBe(1)
    expect(lines).toContainEqual(
      expect.stringMatching(/^not ok {2}.*seed\.ini:\d+: error: \[Sensor0\] Destination/),
    )
    expect(lines.at(-1)).toMatch(
      /^not ok {2}\[Connection1\] cannot reach broker localhost:1 \(ECONNREFUSED\)/,
    )
    expect(lines).not.toContainEqual(expect.stringContaining('can be used'))
  })

  it('says that a configuration is missing', async () => {
    const { code, lines } = await doctor('/nowhere.ini')
    expect(code).toBe(1)
    expect(lines.at(-1)).toMatch(/^not ok {2}\/nowhere\.ini: error: cannot read the configuration/)
  })

  it.skipIf(mosquittoMissing)('examines every connection and never prints a secret', async () => {
    const broker = await mosquitto({ users: { user: 'hunter2' } })
    await broker.start()
    const text = seed(broker.port, { 'Password = password': 'Password = ${env:SECRET}' })
    const { lines, exit } = program(['doctor', temporaryFile('seed.ini', text)], { SECRET: 'hunter2' })
    await exit
    expect(lines.filter((line) => line.includes('[Connection1]'))).toEqual([
      expect.stringMatching(/^ok {6}\[Connection1\] localhost is /),
      `ok      [Connection1] localhost:${broker.port} can be reached`,
      'ok      [Connection1] the login is accepted',
      expect.stringContaining('client id "test"'),
      'ok      [Connection1] sensor_reporter/ can be written',
    ])
    const refused = program(['doctor', temporaryFile('seed.ini', text)], { SECRET: 'hunter3' })
    expect(await refused.exit).toBe(1)
    expect(refused.lines.at(-1)).toMatch(/^not ok {2}\[Connection1\] login refused by broker/)
    expect([...lines, ...refused.lines].join('\n')).not.toMatch(/hunter/)
  })
})
