import { EventEmitter } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { lastValueFrom, take, timer } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { expect, onTestFinished, test } from 'vitest'
import type { HciSocket } from '../../src/radio/hciSocket.js'
import { powerCycle, unblockBluetooth } from '../../src/radio/powerCycle.js'

const setOff = '050001000100 00'

const setOn = '050001000100 01'

const answer = (status: string, event = '0100', index = '0100', opcode = '0500') =>
  `${event}${index}0700${opcode}${status}00000000`

/** A kernel that answers commands (hex) with packets. */
function kernel(answers: (command: string) => readonly string[]) {
  const commands: string[] = []
  const sockets: EventEmitter[] = []
  let open = 0
  class Socket extends EventEmitter implements HciSocket {
    isDevUp = () => true
    bindControl = () => undefined
    bindRaw = () => undefined
    setFilter = () => undefined
    start = () => {
      open += 1
      sockets.push(this)
    }
    stop = () => void (open -= 1)
    write(packet: Uint8Array) {
      const command = Buffer.from(packet).toString('hex')
      commands.push(command)
      for (const said of answers(command)) this.emit('data', Buffer.from(said, 'hex'))
    }
  }
  const say = (packet: string) =>
    sockets.forEach((socket) => socket.emit('data', Buffer.from(spaceless(packet), 'hex')))
  return { Socket, commands, open: () => open, say }
}

const spaceless = (text: string) => text.replaceAll(' ', '')

test('switches the adapter off, waits for the answer, and switches it on', async () => {
  const { Socket, commands, open } = kernel(() => [answer('00')])
  await lastValueFrom(powerCycle(Socket, 1), { defaultValue: undefined })
  expect(commands).toEqual([setOff, setOn].map(spaceless))
  expect(open()).toBe(0)
})

test('takes no other message for an answer', async () => {
  const others = [
    '',
    '01',
    answer('14', '0600'),
    answer('14', '0100', '0000'),
    answer('14', '0100', '0100', '0400'),
  ]
  const { Socket, commands } = kernel(() => [...others, answer('00')])
  await lastValueFrom(powerCycle(Socket, 1), { defaultValue: undefined })
  expect(commands).toHaveLength(2)
})

test.each([
  ['14', /CAP_NET_ADMIN/],
  ['12', /rfkill unblock bluetooth/],
  ['11', /plug it in again/],
  ['03', /^it failed, so unplug it/],
  ['05', /^it does not answer, so unplug it/],
  ['08', /^it does not answer, so unplug it/],
  ['0a', /^it is busy: another program/],
  ['63', 'the kernel says 99'],
])('fails with a reason when the kernel answers with status %s', async (status, reason) => {
  const { Socket, open } = kernel(() => [answer(status, '0200')])
  const cycled = lastValueFrom(powerCycle(Socket, 1), { defaultValue: undefined })
  await expect(cycled).rejects.toThrow(reason)
  expect(open()).toBe(0)
})

test('does not leave the adapter off when it is unsubscribed as soon as that is off', () => {
  const { Socket, commands, open } = kernel(() => [answer('00')])
  powerCycle(Socket, 1).pipe(take(1)).subscribe()
  expect(commands).toEqual([setOff, setOn].map(spaceless))
  expect(open()).toBe(0)
})

test('does not leave the adapter off when it is unsubscribed before that is off, but is not heard until then', () => {
  new TestScheduler(() => undefined).run(({ flush }) => {
    const { Socket, commands, open, say } = kernel(() => [])
    powerCycle(Socket, 1).subscribe().unsubscribe()
    void timer(1999).forEach(() => expect(commands).toEqual([spaceless(setOff)]))
    void timer(2000).forEach(() => say(answer('00')))
    flush()
    expect(commands).toEqual([setOff, setOn].map(spaceless))
    expect(open()).toBe(0)
  })
})

test('leaves nothing open when it is unsubscribed while that is off, and the kernel takes no more', async () => {
  const { Socket, open } = kernel((command) => {
    if (command === spaceless(setOn)) throw new Error('write ENOBUFS')
    return [answer('00')]
  })
  powerCycle(Socket, 1).pipe(take(1)).subscribe()
  expect(open()).toBe(0)
  // Whatever is thrown where nobody catches it comes now.
  await setImmediate()
})

test('waits four seconds at most for that', () => {
  new TestScheduler(() => undefined).run(({ flush }) => {
    const { Socket, commands, open } = kernel(() => [])
    powerCycle(Socket, 1).subscribe().unsubscribe()
    void timer(3999).forEach(() => expect(open()).toBe(1))
    flush()
    expect(open()).toBe(0)
    expect(commands).toEqual([spaceless(setOff)])
  })
})

test('waits 15 s for a kernel that does not answer', () => {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(({ expectObservable }) => {
    const { Socket } = kernel(() => [])
    expectObservable(powerCycle(Socket, 1)).toBe('15s #', {}, new Error('it does not answer'))
  })
})

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
