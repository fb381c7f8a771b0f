import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { delimiter, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { journal } from './journal.js'

const binary = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  .map((folder) => join(folder, 'mosquitto'))
  .find((path) => {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  })

/** For `describe.skipIf`: tests that need a real broker are skipped aloud where there is none, but never in CI. */
export const mosquittoMissing = binary === undefined
if (mosquittoMissing) {
  const advice = 'mosquitto is not installed (apt-get install mosquitto): the tests that need it cannot run'
  if (process.env['CI'] === 'true') throw new Error(advice)
  console.warn(advice)
}

export interface MosquittoOptions {
  /** Who may log in; everybody when absent. */
  readonly users?: Readonly<Record<string, string>>
  readonly tls?: { readonly cert: string; readonly key: string }
  /** An address of the loopback, 127.x.y.z. */
  readonly address?: string
  /** Any that is free when absent. */
  readonly port?: number
  /** Further lines of mosquitto.conf. */
  readonly lines?: readonly string[]
}

/** A real broker on a free port of the loopback, not started yet; it ends with the test. */
export async function mosquitto({
  users,
  tls,
  lines = [],
  address = '127.0.0.1',
  port: chosen,
}: MosquittoOptions = {}) {
  const port = chosen ?? (await freePort())
  const folder = mkdtempSync(join(tmpdir(), 'mosquitto-'))
  const passwords = join(folder, 'passwords')
  const config = join(folder, 'mosquitto.conf')
  let child: ChildProcess | undefined

  /** Replaces the password file; a running broker reads it at SIGHUP. */
  const setUsers = (logins: Readonly<Record<string, string>>) => {
    writeFileSync(
      passwords,
      Object.entries(logins)
        .map((login) => login.join(':') + '\n')
        .join(''),
      { mode: 0o600 },
    )
    execFileSync('mosquitto_passwd', ['-U', passwords])
  }
  if (users) setUsers(users)
  writeFileSync(
    config,
    [
      `listener ${port} ${address}`,
      // As root, mosquitto would drop to a user who cannot read the test's files.
      `user ${userInfo().username}`,
      users ? `password_file ${passwords}` : 'allow_anonymous true',
      ...(tls ? [`certfile ${tls.cert}`, `keyfile ${tls.key}`] : []),
      'log_dest stderr',
      // Whoever listens is told everything: by default a broker drops what a subscriber on a busy machine is slow to read.
      // Not 0, for no limit: mosquitto 2.0.11 then ends the connection of whoever publishes what its access list forbids.
      'max_queued_messages 1000000',
      ...lines,
      '',
    ].join('\n'),
  )

  /** Sends a signal; resolves when the process is gone if the signal ends it. */
  const kill = async (signal: NodeJS.Signals = 'SIGKILL') => {
    const running = child
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    const gone = signal === 'SIGKILL' || signal === 'SIGTERM' ? once(running, 'exit') : undefined
    running.kill(signal)
    await gone
  }
  onTestFinished(async () => {
    await kill()
    rmSync(folder, { recursive: true })
  })
  const start = async () => {
    const output = journal<string>()
    child = spawn(binary ?? 'mosquitto', ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] })
    child.stderr?.setEncoding('utf8').on('data', output.add)
    child.on('exit', (code) => output.add(`exit ${String(code)}`))
    const said = await output.until((text) => /running|^exit/.test(text))
    if (said.startsWith('exit')) throw new Error(`mosquitto does not start: ${output.entries.join('')}`)
  }
  return { port, start, kill, setUsers }
}

/**
 * Below the ports that the kernel gives to whoever asks for any: one of those might be somebody else's by the time the
 * broker starts, or starts again.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer().listen(randomInt(10_000, 32_000), '127.0.0.1')
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    const address = server.address() as AddressInfo | null
    server.close()
    if (isFree && address) return address.port
  }
}
