import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { of } from 'rxjs'
import { onTestFinished } from 'vitest'
import type { Machine } from '../../src/doctor/machine.js'

/** A machine that is well, on whose disk these files (and links, `-> target`) are besides. */
export function fakeMachine(
  files: Readonly<Record<string, string>> = {},
  changes: Partial<Machine> = {},
): Machine {
  const root = mkdtempSync(join(tmpdir(), 'machine-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const all = {
    'proc/net/protocols': 'protocol  size sockets\nHCI       976      0\n',
    'proc/self/status': 'Name:\tnode\nCapEff:\t0000000000003000\n',
    ...files,
  }
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    if (text.startsWith('-> ')) symlinkSync(text.slice(3), join(root, path))
    else writeFileSync(join(root, path), text)
  }
  return {
    nodeVersion: '20.19.0',
    platform: 'linux',
    root,
    loadBluetooth: () => ({
      version: '1.9.2',
      adapters: () => [{ devId: 0, devUp: true }],
      answers: () => of(true),
    }),
    ...changes,
  }
}
