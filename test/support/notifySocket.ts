import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { journal } from './journal.js'

const receiver = `
import os, socket, sys
path = sys.argv[1]
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind('\\0' + path[1:] if path.startswith('@') else path)
print('listening', flush=True)
while True:
    print(receiver.recv(4096).decode().replace('\\n', ' '), flush=True)
`

/** Plays systemd's socket, which Node cannot: emits a line for each datagram. It ends with the test. */
export async function notifySocket({ abstract = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sensor-reporter-'))
  const path = abstract ? `@sensor-reporter-${process.pid}` : join(folder, 'notify')
  const child = spawn('python3', ['-c', receiver, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  })
  const lines = journal<string>()
  createInterface(child.stdout).on('line', lines.add)
  await lines.until((line) => line === 'listening')
  return {
    path,
    lines: lines.entries,
    until: (pattern: RegExp, start = 0) => lines.until((line) => pattern.test(line), start),
  }
}

/** Whether there is a Python to play it; with CI=true there must be. */
export const hasPython = (() => {
  try {
    return execFileSync('python3', ['--version']).length > 0
  } catch {
    return process.env['CI'] === 'true'
  }
})()
