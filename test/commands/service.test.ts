import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { hasPython, notifySocket } from '../support/notifySocket.js'
import { program, temporaryFile } from '../support/program.js'
import { seed } from '../support/seed.js'

describe.skipIf(!hasPython)('under systemd', () => {
  it('the program tells when it is ready, reads its file again, lives, and stops', async () => {
    const socket = await notifySocket()
    const file = temporaryFile('seed.ini', seed(1))
    const env = { NOTIFY_SOCKET: socket.path, WATCHDOG_USEC: '3000000' }
    const { child, exit } = program(['run', file, '--replay', '-'], env)
    await socket.until(/^READY=1 STATUS=Running .*seed\.ini\.$/)
    await socket.until(/^STATUS=Running .*seed\.ini\. .*: no broker .* \(\w+\)\.$/)
    await socket.until(/^WATCHDOG=1$/)
    const before = socket.lines.length
    writeFileSync(file, 'nonsense')
    child.kill('SIGHUP')
    await socket.until(/^RELOADING=1$/, before)
    await socket.until(/^READY=1 STATUS=The changed configuration cannot be used/, before)
    child.kill('SIGTERM')
    await socket.until(/^STOPPING=1$/)
    expect(await exit).toBe(0)
  })
})

describe('signals of scripts that rotate logs', () => {
  it.each(['SIGUSR1', 'SIGUSR2', 'SIGALRM'] as const)('%s does nothing', async (signal) => {
    const { child, lines, until, say } = program(['scan', '--replay', '-'])
    say(
      '{"address":"a4:c1:38:11:22:33","rssi":-61,"localName":"GVH5075_2233","manufacturerData":"88ec0003519e6400"}',
    )
    await until(/GVH5075_2233/)
    child.kill(signal)
    say(
      '{"address":"a4:c1:38:11:22:44","rssi":-61,"localName":"GVH5075_2244","manufacturerData":"88ec0003519e6400"}',
    )
    await until(/GVH5075_2244/)
    expect(lines.join('\n')).not.toMatch(/Debugger|inspector/)
  })
})
