import { ignoreElements, interval, merge, takeUntil, tap, timer } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { beforeEach, expect, test } from 'vitest'
import type { Advertisement } from '../../src/radio/advertisement.js'
import { bluetoothRadio } from '../../src/radio/bluetoothRadio.js'
import { type BluetoothOptions, radioStateText } from '../../src/radio/state.js'
import { hciController } from '../support/hciController.js'
import { needsNoble } from '../support/needsNoble.js'
import { advertisingEvent, advInd, scanRsp } from '../support/onAir.js'
import { recordedLog } from '../support/recordedLog.js'

const packet = advertisingEvent([advInd])
const deaf = 'DEAF since 1970-01-01T00:00:30.000Z'

needsNoble('the radio, over the wire of the real noble', () => {
  let controller: ReturnType<typeof hciController>
  let log: ReturnType<typeof recordedLog>
  beforeEach(() => {
    controller = hciController()
    log = recordedLog()
  })

  interface World extends BluetoothOptions {
    /** What happens when, in seconds. */
    readonly events?: Readonly<Record<number, () => void>>
    /** Whether the device that sends once a second can be heard. */
    readonly audible?: () => boolean
  }

  /** What the radio says for `duration` seconds of virtual time. */
  const listen = (duration: number, { events = {}, audible = () => true, ...options }: World = {}) => {
    const heard: Advertisement[] = []
    const states: string[] = []
    new TestScheduler(() => undefined).run(() => {
      const { advertisements$, state$ } = bluetoothRadio(log.log, options)
      const air$ = interval(1000).pipe(tap(() => audible() && controller.advertise(packet)))
      const events$ = Object.entries(events).map(([at, happen]) => timer(Number(at) * 1000).pipe(tap(happen)))
      merge(
        state$.pipe(tap((state) => states.push(radioStateText(state)))),
        advertisements$.pipe(tap((advertisement) => heard.push(advertisement))),
        air$,
        ...events$,
      )
        .pipe(ignoreElements(), takeUntil(timer(duration * 1000 - 1)))
        .subscribe()
    })
    return { states, heardAt: heard.map(({ at = 0 }) => at / 1000), heard }
  }

  test('listens, and says so once the adapter has agreed to scan', () => {
    expect(listen(10, { audible: () => false })).toMatchObject({ states: ['LISTENING'], heardAt: [] })
    expect(log.lines).toEqual([])
  })

  test('does not believe that it listens before the adapter has agreed to or something is heard', () => {
    controller.refusesScan = true
    const { states } = listen(20, { events: { 15: () => controller.send(packet) } })
    expect(states).toEqual(['LISTENING'])
    expect(listen(14).states).toEqual([])
  })

  test('restarts a scan that has ended without a sign, as after a reset by another program', () => {
    const { states, heardAt } = listen(130, { events: { 30.5: () => (controller.scanning = false) } })
    expect(states).toEqual(['LISTENING', deaf, 'LISTENING'])
    expect(heardAt.slice(29, 31)).toEqual([30, 121])
    expect(log.lines).toEqual([
      expect.stringMatching(/^warn: Nothing has been heard for 90 s\. Restarting the Bluetooth scan\./),
      'info: hears again after 91 s',
    ])
  })

  test('switches the adapter off and on when it hears nothing though it does all it is told', () => {
    let isDeaf = false
    const { states } = listen(200, {
      audible: () => !isDeaf || controller.powered.length > 0,
      events: { 30.5: () => (isDeaf = true) },
    })
    expect(states).toEqual(['LISTENING', deaf, 'LISTENING'])
    expect(controller.powered).toEqual([
      { at: 150_000, on: false },
      { at: 150_000, on: true },
    ])
    expect(log.lines).toEqual([
      expect.stringContaining('Restarting the Bluetooth scan.'),
      expect.stringMatching(
        /Switching the Bluetooth adapter off and on again\. By hand: sudo rfkill unblock/,
      ),
      expect.stringContaining('hears again after 121 s'),
    ])
  })

  test('opens the adapter anew when that does not help, and goes on ever less often', () => {
    let opened = 0
    let isDeaf = false
    controller.onBind = () => (opened += 1)
    const { states } = listen(3600, {
      restart: 0,
      audible: () => !isDeaf || opened > 3,
      events: { 30.5: () => (isDeaf = true) },
    })
    expect(states).toEqual(['LISTENING', deaf, 'LISTENING'])
    expect(controller.powered.filter(({ on }) => on).map(({ at }) => at)).toEqual([
      150_000, 570_000, 2_250_000,
    ])
    expect(log.lines).toHaveLength(4)
  })

  test('says why an adapter cannot be switched off and on, once, and resets its controller instead', () => {
    controller.power = 0x14
    let isDeaf = false
    const { states } = listen(800, {
      restart: 0,
      audible: () => !isDeaf || controller.resets.length > 1,
      events: { 30.5: () => (isDeaf = true) },
    })
    expect(states.at(-1)).toBe('LISTENING')
    expect(controller.resets).toEqual([150_000, 570_000])
    expect(log.lines.filter((line) => line.includes('CAP_NET_ADMIN'))).toHaveLength(1)
  })

  test('is not held up by a kernel that never answers', () => {
    controller.power = undefined
    const { states } = listen(300, {
      audible: () => controller.openSockets > 0 && controller.scans.length === 3,
    })
    expect(states).toEqual(['LISTENING', 'DEAF since 1970-01-01T00:00:00.000Z', 'LISTENING'])
    expect(log.lines).toContainEqual(expect.stringContaining('off and on: it does not answer.'))
  })

  test('goes on when the adapter is pulled out and comes back under another number', () => {
    const { states, heardAt } = listen(120, {
      events: {
        30.5: () => (controller.devices = []),
        90.5: () => (controller.devices = [{ devId: 1, devUp: true }]),
      },
    })
    expect(states).toEqual(['LISTENING', expect.stringMatching(/^NO ADAPTER: .*plug one in/), 'LISTENING'])
    expect(controller.boundTo).toBe(1)
    expect(heardAt.at(-1)).toBe(119)
    expect(log.lines).toEqual([
      expect.stringContaining('error: No Bluetooth adapter was found'),
      'info: works again',
    ])
  })

  test('looks for one adapter only when it is named', () => {
    controller.devices = [{ devId: 1, devUp: true }]
    const { states } = listen(10, { adapters: ['hci0'] })
    expect(states).toEqual([expect.stringMatching(/^NO ADAPTER: .*Only hci0 is looked for/)])
    expect(listen(10, { adapters: ['hci1'] }).states).toEqual(['LISTENING'])
  })

  test('switches on an adapter that is off, and says each thing once', () => {
    controller.up = false
    const { states } = listen(200)
    expect(states).toEqual([
      expect.stringMatching(/^NO ADAPTER: .*switched off/),
      expect.stringMatching(/^DEAF/),
      'LISTENING',
    ])
    expect(log.lines).toHaveLength(3)
    expect(log.lines[1]).toMatch(/Switching the Bluetooth adapter off and on/)
  })

  test('does not say that it works again while an adapter that came back is off', () => {
    listen(80, {
      events: {
        10.5: () => (controller.devices = []),
        30.5: () => {
          controller.devices = [{ devId: 0, devUp: false }]
          controller.up = false
        },
        60.5: () => (controller.up = true),
      },
    })
    expect(log.lines).toEqual([
      expect.stringContaining('No Bluetooth adapter was found'),
      expect.stringContaining('switched off'),
      'info: works again',
    ])
  })

  test('starts the scan again when another program stops it', () => {
    const stop = () => {
      controller.scanning = false
      controller.send('01 0c20 02 00 00')
    }
    const { states, heardAt } = listen(60, { events: { 30.5: stop } })
    expect(states).toEqual(['LISTENING'])
    expect(heardAt.slice(28, 31)).toEqual([29, 30, 32])
  })

  test('is deaf when the adapter refuses to scan, until it no longer does', () => {
    controller.refusesScan = true
    const { states } = listen(200, { events: { 100: () => (controller.refusesScan = false) } })
    expect(states).toEqual(['DEAF since 1970-01-01T00:00:00.000Z', 'LISTENING'])
  })

  test('is deaf when the adapter hangs, and listens when it wakes up', () => {
    controller.answersCommands = false
    const { states } = listen(300, { events: { 200: () => (controller.answersCommands = true) } })
    expect(states).toEqual(['DEAF since 1970-01-01T00:00:00.000Z', 'LISTENING'])
    expect(log.lines.filter((line) => line.includes('does not answer: unplug it'))).toHaveLength(1)
  })

  test('takes garbage and events cut short for silence, not for a sign of life', () => {
    const garbage = [
      '',
      '04',
      '04 3e',
      '04 3e 05 02 01 00 00 33',
      '02 40 20 ff',
      '04 0e 04 01 0c 20',
      'ff'.repeat(300),
    ]
    const { states } = listen(200, {
      audible: () => controller.scans.length > 1,
      events: Object.fromEntries(garbage.map((bytes, index) => [80 + index, () => controller.send(bytes)])),
    })
    expect(states).toEqual(['LISTENING', 'DEAF since 1970-01-01T00:00:00.000Z', 'LISTENING'])
  })

  test('is hopeless after a quarter of an hour of deafness', () => {
    const { states } = listen(899, { audible: () => false })
    expect(states).toHaveLength(2)
    expect(listen(901, { audible: () => false }).states).toHaveLength(3)
  })

  test('never is with Restart = 0, nor deaf with Silence = 0', () => {
    expect(listen(3600, { audible: () => false, restart: 0 }).states).toHaveLength(2)
    expect(listen(3600, { audible: () => false, silence: 0 }).states).toEqual(['LISTENING'])
  })

  test('passes what is strong enough, and what was not measured', () => {
    const weak = advertisingEvent([scanRsp])
    const unmeasured = advertisingEvent([advInd.replace(/c3$/, '7f')])
    const events = { 1: () => controller.send(weak), 2: () => controller.send(unmeasured) }
    const { heard } = listen(5, { audible: () => false, events, minRssi: -61 })
    expect(heard.map(({ rssi }) => rssi)).toEqual([undefined])
  })

  test('listens with several adapters, and passes the strongest copy of a packet', () => {
    controller.devices = [0, 1].map((devId) => ({ devId, devUp: true }))
    const events = {
      1: () => controller.send(packet, 0),
      1.2: () => controller.send(packet.replace(/c3$/, 'd0'), 1),
      5: () => controller.send(packet, 1),
    }
    const { states, heard } = listen(10, { adapters: ['hci0', 'hci1'], audible: () => false, events })
    expect(states).toEqual(['LISTENING'])
    expect(heard.map(({ rssi }) => rssi)).toEqual([-48, -61])
  })

  test('listens as long as one of several adapters does', () => {
    controller.devices = [0, 1].map((devId) => ({ devId, devUp: true }))
    const { states } = listen(100, {
      adapters: ['hci0', 'hci1'],
      events: { 30.5: () => controller.devices.shift(), 60.5: () => controller.devices.shift() },
    })
    expect(states).toEqual(['LISTENING', expect.stringMatching(/^NO ADAPTER/)])
    expect(log.lines.map((line) => line.slice(0, 12))).toEqual(['error: hci0:', 'error: hci1:'])
  })
})
