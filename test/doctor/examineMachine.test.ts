import { from, lastValueFrom, of, toArray } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { describe, expect, it } from 'vitest'
import { examineMachine } from '../../src/doctor/examineMachine.js'
import { type BluetoothLibrary, type Machine, thisMachine } from '../../src/doctor/machine.js'
import { hciController } from '../support/hciController.js'
import { needsNoble } from '../support/needsNoble.js'
import { fakeMachine } from './fakeMachine.js'

const findings = (machine: Machine) =>
  lastValueFrom(from(examineMachine(machine)).pipe(toArray()), { defaultValue: [] })
const lines = async (...machine: Parameters<typeof fakeMachine>) =>
  (await findings(fakeMachine(...machine))).map(({ ok, text }) => `${ok ? 'ok' : 'not ok'} ${text}`)
const faults = async (...machine: Parameters<typeof fakeMachine>) =>
  (await lines(...machine)).filter((line) => line.startsWith('not ok'))

const withAdapters = (adapters: BluetoothLibrary['adapters'], answers = true) => ({
  loadBluetooth: () => ({ version: '1.9.2', adapters, answers: () => of(answers) }),
})
const failing = (code: string) => () => {
  throw Object.assign(new Error(code), { code })
}

describe('the doctor', () => {
  it('finds nothing where all is well', async () => {
    expect(await lines()).toEqual([
      'ok Node 20.19.0',
      'ok noble 1.9.2 is installed and built',
      'ok the kernel has Bluetooth',
      'ok the adapter hci0 is on, and answers',
      'ok rfkill does not block Bluetooth',
      'ok no other program is seen to use Bluetooth',
      'ok this process may use Bluetooth',
    ])
  })

  it.each([
    ['an old Node', {}, { nodeVersion: '18.20.1' }, /Expected Node 20 or newer, got 18\.20\.1/],
    [
      'a missing library',
      {},
      { loadBluetooth: failing('MODULE_NOT_FOUND') },
      /run npm install -g --foreground-scripts .*nodejs\.org.*npm_config_nodedir=\/usr/,
    ],
    ['a library built for another Node', {}, { loadBluetooth: failing('ERR_DLOPEN_FAILED') }, /npm rebuild/],
    ['a kernel without Bluetooth', { 'proc/net/protocols': 'TCP 1\n' }, {}, /sudo modprobe bluetooth/],
    ['a container without Bluetooth', {}, withAdapters(failing('EAFNOSUPPORT')), /allow AF_BLUETOOTH/],
    ['a missing adapter', {}, withAdapters(() => []), /No Bluetooth adapter was found: plug one in/],
    [
      'an adapter that is off',
      {},
      withAdapters(() => [
        { devId: 0, devUp: true },
        { devId: 1, devUp: false },
      ]),
      /The adapter hci1 is off: run .*hciconfig hci1 up/,
    ],
    [
      'an adapter that hangs',
      {},
      withAdapters(() => [{ devId: 0, devUp: true }], false),
      /The adapter hci0 is on, but does not answer: unplug it/,
    ],
    [
      'a soft block',
      { 'sys/class/rfkill/rfkill1/type': 'bluetooth\n', 'sys/class/rfkill/rfkill1/soft': '1\n' },
      {},
      /sudo rfkill unblock bluetooth/,
    ],
    [
      'a hard block',
      { 'sys/class/rfkill/rfkill1/type': 'bluetooth\n', 'sys/class/rfkill/rfkill1/hard': '1\n' },
      {},
      /switch or key of this machine blocks Bluetooth: press it/,
    ],
    [
      'missing capabilities',
      { 'proc/self/status': 'CapEff:\t0000000000000000\n' },
      {},
      /lacks CAP_NET_RAW and CAP_NET_ADMIN\. .*AmbientCapabilities/,
    ],
    [
      'a missing capability',
      { 'proc/self/status': 'CapEff:\t0000000000002000\n' },
      {},
      /lacks CAP_NET_ADMIN\. /,
    ],
    ['a status it cannot read', { 'proc/self/status': '?' }, {}, /lacks/],
  ])('finds %s, and says what mends it', async (_, files, changes, message) => {
    const found = await faults(files, changes)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(message)
  })

  it('does not mind a Wi-Fi that is blocked', async () => {
    expect(
      await faults({ 'sys/class/rfkill/rfkill0/type': 'wlan\n', 'sys/class/rfkill/rfkill0/soft': '1\n' }),
    ).toEqual([])
  })

  it('names who else uses Bluetooth: by name, or by an open socket', async () => {
    const socket = {
      'proc/77/comm': 'other\x1b\n',
      'proc/77/fd/5': '-> socket:[81234]',
      'proc/77/net/hci': 'sk RefCnt Rmem Wmem User Inode Parent\n00 2 0 0 0 81234 0\n',
    }
    const all = await lines({ ...socket, 'proc/612/comm': 'bluetoothd\n', 'proc/613/comm': 'bash\n' })
    const [line] = all.filter((each) => each.includes('also used'))
    expect(line).toMatch(/^ok also used by bluetoothd \(process 612\), other\\u\{1b\} \(process 77\): /)
  })

  it('looks at Node and the library only where there is no Linux', async () => {
    expect(await lines({}, { platform: 'darwin' })).toHaveLength(2)
  })

  it('ends on any machine, this one for example', async () => {
    expect((await findings(thisMachine)).length).toBeGreaterThanOrEqual(2)
  })
})

needsNoble('the doctor, over the wire of an adapter', () => {
  it('asks it for its version, and does not believe one that does not answer, and leaves no socket open', () => {
    const controller = hciController()
    const answers: unknown[] = []
    new TestScheduler(() => undefined).run(() => {
      const { answers: ask } = thisMachine.loadBluetooth()
      void ask(0).forEach((answer) => answers.push(answer))
      controller.answersCommands = false
      void ask(0).forEach((answer) => answers.push(answer))
    })
    expect(answers).toEqual([true, false])
    expect(controller).toMatchObject({ commands: [0x1001], openSockets: 0 })
  })
})
