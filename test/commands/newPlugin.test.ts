import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { freePort } from '../../src/commands/demo.js'
import { listener } from '../support/listener.js'
import { program, temporaryFile } from '../support/program.js'

const repository = fileURLToPath(new URL('../..', import.meta.url))

/** A folder, with a package.json if there is to be one, from which the program can be imported. */
function emptyFolder(packageJson?: string): string {
  const folder = dirname(temporaryFile('x', ''))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(repository, join(folder, 'node_modules/sensor-reporter'))
  symlinkSync(join(repository, 'node_modules/rxjs'), join(folder, 'node_modules/rxjs'))
  if (packageJson !== undefined) writeFileSync(join(folder, 'package.json'), packageJson)
  return folder
}

/** What `node --test` prints in a folder, and its exit code. */
function tests(folder: string) {
  // Under a test runner Node's own would report to that one.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined }
  return spawnSync(process.execPath, ['--test', '--test-reporter=tap'], {
    cwd: folder,
    env,
    encoding: 'utf8',
  })
}

describe('new', () => {
  it.each([
    ['an empty folder', undefined, 'js'],
    ['a project of ES modules', '{ "type": "module" }', 'js'],
    ['a project of CommonJS', '{}', 'mjs'],
  ])('writes into %s what passes its test and its check, and runs', async (_, packageJson, extension) => {
    const folder = emptyFolder(packageJson)
    const made = program(['new', 'sensor', 'Roof-garden', folder])
    expect(await made.exit).toBe(0)
    const files = [
      `roofGarden.${extension}`,
      'roofGarden.ini',
      `roofGarden.test.${extension}`,
      'package.json',
    ]
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(files))
    expect(made.lines).toContainEqual(
      expect.stringMatching(/^ {2}npx sensor-reporter run roofGarden\.ini --broker/),
    )
    expect(made.lines.join('\n')).not.toContain('npm install')

    const tested = tests(folder)
    expect(tested.stdout).toMatch(/^# pass 1$/m)
    expect(tested.status).toBe(0)

    const ini = join(folder, 'roofGarden.ini')
    expect(statSync(ini).mode & 0o077).toBe(0)
    const checked = program(['check', ini, '--strict'])
    expect(await checked.exit).toBe(0)
    expect(checked.lines).toEqual([expect.stringMatching(/can be used \(warnings: 0\)$/)])

    const port = await freePort(0)
    writeFileSync(ini, readFileSync(ini, 'utf8').replace('1883', `${port}`))
    const daemon = program(['run', ini, '--broker', '--replay', '-'])
    await daemon.until(/connected/)
    const { client, heard } = await listener(port, { username: 'user', password: 'password' })
    await client.publishAsync('home/refresh', '')
    await expect.poll(() => heard).toContainEqual(expect.stringMatching(/^home\/roofGarden \d+$/))
    daemon.child.kill('SIGTERM')
    expect(await daemon.exit).toBe(0)
  })

  it.each(['connection', 'actuator'])('writes what passes its test and its check: a %s', async (kind) => {
    const folder = emptyFolder()
    const made = program(['new', kind, 'roof', folder])
    expect(await made.exit).toBe(0)
    const tested = tests(folder)
    expect(tested.stdout).toMatch(/^# pass 1$/m)
    expect(tested.status).toBe(0)
    const checked = program(['check', join(folder, 'roof.ini'), '--strict'])
    expect(await checked.exit).toBe(0)
    expect(checked.lines).toEqual([expect.stringMatching(/can be used \(warnings: 0\)$/)])
  })

  it('writes a connection to which readings come', async () => {
    const folder = emptyFolder()
    expect(await program(['new', 'connection', 'roof', folder]).exit).toBe(0)
    const [ini, lines] = [join(folder, 'roof.ini'), join(folder, 'roof.log')]
    writeFileSync(ini, readFileSync(ini, 'utf8').replace('roof.log', lines))
    const daemon = program(['run', ini])
    await expect.poll(() => existsSync(lines) && readFileSync(lines, 'utf8')).toMatch(/^heartbeat\/num \d+$/m)
    daemon.child.kill('SIGTERM')
    expect(await daemon.exit).toBe(0)
  })

  it('writes an actuator that does what it is told, and says so', async () => {
    const folder = emptyFolder()
    expect(await program(['new', 'actuator', 'roof', folder]).exit).toBe(0)
    const [ini, port] = [join(folder, 'roof.ini'), await freePort(0)]
    writeFileSync(ini, readFileSync(ini, 'utf8').replace('1883', `${port}`))
    const daemon = program(['run', ini, '--broker'])
    await daemon.until(/connected/)
    const { client, until } = await listener(port, { username: 'user', password: 'password' })
    await client.publishAsync('home/roof', 'ON')
    await until('home/roof/is ON')
    await daemon.until(/told ON/)
    daemon.child.kill('SIGTERM')
    expect(await daemon.exit).toBe(0)
  })

  it('says what to install where the program cannot be imported from', async () => {
    const folder = join(dirname(temporaryFile('x', '')), 'new')
    const made = program(['new', 'sensor', 'attic', folder])
    expect(await made.exit).toBe(0)
    await made.until(/^ {2}npm install \/.* {2}what the sensor imports$/)
    const other = program(['new', 'actuator', 'roof', folder])
    expect(await other.exit).toBe(0)
    await other.until(/^ {2}npm install rxjs \/.* {2}what the actuator imports$/)
  })

  it('replaces nothing', async () => {
    const folder = emptyFolder()
    writeFileSync(join(folder, 'attic.ini'), 'mine')
    const made = program(['new', 'sensor', 'attic', folder])
    expect(await made.exit).toBe(2)
    await made.until(/attic\.ini exists already/)
    expect(readdirSync(folder).sort()).toEqual(['attic.ini', 'node_modules', 'x'])
    expect(readFileSync(join(folder, 'attic.ini'), 'utf8')).toBe('mine')
  })

  it.each(['../attic', '1st', 'ätna', ''])('says of the name "%s" what it expected', async (name) => {
    const made = program(['new', 'sensor', name, emptyFolder()])
    expect(await made.exit).toBe(2)
    await made.until(/Expected a name of letters, digits and dashes, such as attic, got "/)
  })
})
