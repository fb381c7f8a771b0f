import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { unblockBluetooth } from '../../src/bluetooth/unblockBluetooth.js'

/** Folders as under /sys/class/rfkill, and a file in the place of /dev/rfkill. */
function machine(radios: readonly { type: string; soft: number; hard: number }[], withDevice = true) {
  const folder = mkdtempSync(join(tmpdir(), 'rfkill-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const states = join(folder, 'class')
  const device = join(folder, 'device')
  mkdirSync(states)
  if (withDevice) writeFileSync(device, '')
  radios.forEach((radio, index) => {
    mkdirSync(join(states, `rfkill${index}`))
    for (const [name, value] of Object.entries(radio)) {
      writeFileSync(join(states, `rfkill${index}`, name), `${value}\n`)
    }
  })
  return {
    unblock: () => unblockBluetooth(states, device),
    written: () => readFileSync(device).toString('hex'),
  }
}
const wifi = { type: 'wlan', soft: 1, hard: 1 }

test('unblocks Bluetooth where it is blocked', () => {
  const { unblock, written } = machine([wifi, { type: 'bluetooth', soft: 1, hard: 0 }])
  unblock()
  expect(written()).toBe('0000000002030000')
})

test('changes nothing where it is not blocked', () => {
  const { unblock, written } = machine([wifi, { type: 'bluetooth', soft: 0, hard: 0 }])
  unblock()
  expect(written()).toBe('')
})

test('says so where only a hand can unblock it', () => {
  const { unblock } = machine([{ type: 'bluetooth', soft: 0, hard: 1 }])
  expect(unblock).toThrow('a switch or key of this machine blocks Bluetooth: press it')
})

test('says what to do by hand where it may not', () => {
  const { unblock } = machine([{ type: 'bluetooth', soft: 1, hard: 0 }], false)
  expect(unblock).toThrow(/may not unblock it: sudo rfkill unblock bluetooth$/)
})

test('has nothing to do where the kernel knows no rfkill', () => {
  expect(() => unblockBluetooth('/nowhere', '/nowhere')).not.toThrow()
})
