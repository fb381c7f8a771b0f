import { ignoreElements, interval, merge, switchMap, takeUntil, tap, timer } from 'rxjs'
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
    expect(states).toEqual([expect.stringMatching(/^NO ADAPTER: .*asks for hci0; another one/)])
    expect(listen(10, { adapters: ['hci1'] }).states).toEqual(['LISTENING'])
  })

  test('switches on an adapter that is off, and says each thing once', () => {
    controller.up = false
    const { states } = listen(200)
    expect(states).toEqual([expect.stringMatching(/^NO ADAPTER: .*switched off/), 'LISTENING'])
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

  test('has a named adapter again that was away for less than a second', () => {
    const { states, heardAt } = listen(60, {
      adapters: ['hci0'],
      events: { 30.2: () => controller.unplug(0), 30.6: () => controller.plug() },
    })
    expect(states).toEqual(['LISTENING', expect.stringMatching(/^NO ADAPTER/), 'LISTENING'])
    expect(heardAt.slice(29, 31)).toEqual([30, 32])
    expect(log.lines.at(-1)).toBe('info: works again')
  })

  test('has one of several named adapters again that was away for less than a second', () => {
    controller.devices = [0, 1].map((devId) => ({ devId, devUp: true }))
    listen(60, {
      adapters: ['hci0', 'hci1'],
      events: { 30.2: () => controller.unplug(0), 30.6: () => controller.plug() },
    })
    expect(controller.devices.map(({ devId }) => devId).sort()).toEqual([0, 1])
    expect(log.lines.at(-1)).toBe('info: hci0: works again')
  })

  test('knows an adapter by its address, whatever its number is', () => {
    const address = '00:1a:7d:da:71:13'
    controller.devices = [
      { devId: 0, devUp: true },
      { devId: 1, devUp: true, address },
    ]
    const bound: unknown[] = []
    controller.onBind = () => bound.push(controller.boundTo)
    const replug = () => {
      controller.unplug(1)
      controller.plug()
      controller.plug(address)
    }
    expect(listen(40, { adapters: [address], events: { 30.5: replug } }).states).toHaveLength(3)
    expect(bound).toEqual([1, 2])
    expect(log.lines[0]).toContain(`asks for ${address}; another one`)
  })

  test('takes another adapter when a named one stays away for a minute, until it is back', () => {
    controller.devices = [0, 1].map((devId) => ({ devId, devUp: true }))
    const bound: unknown[] = []
    controller.onBind = () => bound.push(controller.boundTo)
    const { states, heardAt } = listen(300, {
      adapters: ['hci0'],
      events: { 10.5: () => controller.unplug(0), 200.5: () => controller.plug() },
    })
    expect(states).toEqual(['LISTENING', expect.stringMatching(/^NO ADAPTER/), 'LISTENING'])
    expect(heardAt.find((at) => at > 11)).toBe(74)
    expect(bound.filter((number, index) => number !== bound[index - 1])).toEqual([0, 1, 0])
    expect(log.lines.filter((line) => line.includes('place') && !line.includes('asks for'))).toEqual([
      'warn: hci0 has been missing for a minute: hci1 takes its place until it is back.',
      'info: hci0 is back, and takes its place again',
    ])
  })

  test('leaves to the other one of several adapters what that one has', () => {
    controller.devices = [{ devId: 1, devUp: true }]
    listen(100, { adapters: ['hci0', 'hci1'] })
    expect(log.lines).toEqual([expect.stringContaining('hci0: No Bluetooth adapter was found')])
  })

  test('is hopeless when an adapter that was there has been gone for a quarter of an hour', () => {
    const events = { 30.5: () => controller.unplug(0) }
    expect(listen(929, { events }).states).toHaveLength(2)
    controller.plug()
    expect(listen(931, { events }).states).toHaveLength(3)
    expect(listen(3600).states).toHaveLength(1)
  })

  const legacyCommands = [0x200b, 0x200c]
  const extendedCommands = [0x2041, 0x2042]
  const sentOf = (opcodes: readonly number[]) =>
    controller.commands.filter((opcode) => opcodes.includes(opcode))

  test('scans as the kernel does with Bluetooth 5, and does not change what the controller reports', () => {
    controller.bluetooth5 = true
    controller.used = 'extended'
    expect(listen(10).heardAt).toHaveLength(9)
    expect(controller).toMatchObject({ active: true, filtered: false })
    expect(sentOf([...legacyCommands, 0x0c01, 0x2001])).toEqual([])
    expect(log.lines).toEqual([])
  })

  test('scans with the commands of Bluetooth 4 where a controller of Bluetooth 5 refuses the others', () => {
    controller.bluetooth5 = true
    controller.used = 'legacy'
    expect(listen(10).heardAt).toHaveLength(9)
    expect(log.lines).toEqual([])
  })

  test.each([false, true])(
    'scans from a random address where the controller has no other, and gives it one (Bluetooth 5: %s)',
    (bluetooth5) => {
      Object.assign(controller, { randomOnly: true, bluetooth5 })
      expect(listen(10).heardAt).toHaveLength(9)
      expect(controller).toMatchObject({ active: true, filtered: false })
      // Neither a static nor a resolvable one, which belong to whom they name.
      expect(Number.parseInt(controller.randomAddress.slice(-2), 16)).toBeLessThan(0x40)
      expect(log.lines).toEqual([])
    },
  )

  test('scans from the public address where the controller does not say which that is', () => {
    controller.refuses.set(0x1009, 0x1f)
    expect(listen(10).heardAt).toHaveLength(9)
    expect(controller.randomAddress).toBe('')
  })

  test('leaves a random address as it is where the controller has one', () => {
    Object.assign(controller, { randomOnly: true, randomAddress: '0102030405c6' })
    expect(listen(10).heardAt).toHaveLength(9)
    expect(controller.randomAddress).toBe('0102030405c6')
  })

  test('says at once that the adapter refuses to scan, and why, and listens when it no longer does', () => {
    controller.refuses.set(0x200b, 0x0c)
    controller.refuses.set(0x200c, 0x0c)
    const events = { 20: () => controller.refuses.clear() }
    expect(listen(1, { events }).states).toEqual([])
    expect(log.lines).toEqual([expect.stringMatching(/refuses to scan \(Command Disallowed\)/)])
    expect(listen(60, { events }).states).toEqual(['LISTENING'])
    expect(log.lines).toHaveLength(2)
    expect(sentOf(extendedCommands)).toEqual([])
  })

  test.each([
    ['passive', ['4120 08 00 00 01 00 6000 3000', '4220 06 01 00 0000 0000']],
    ['passive, with the commands of Bluetooth 4', ['0b20 07 00 6000 3000 00 00', '0c20 02 01 00']],
    ['of few devices only', ['4120 08 00 01 01 01 6000 3000', '4220 06 01 00 0000 0000']],
    ['without repetitions', ['4220 06 01 01 0000 0000']],
  ])('sets a scan right that is not ours and is %s', (_, commands) => {
    controller.bluetooth5 = !commands[0]?.startsWith('0b20')
    const events = { 30.5: () => commands.forEach((command) => controller.overhear(command)) }
    listen(31, { events })
    expect(controller.scans).toHaveLength(1)
    listen(40, { events })
    expect(controller.scans.map(({ at }) => at)).toEqual([0, 0, 31_500])
    expect(controller).toMatchObject({ active: true, filtered: false })
    expect(log.lines.at(-1)).toMatch(/Another program changed the Bluetooth scan/)
  })

  test('leaves a scan alone that is not ours and hears everything', () => {
    const events = {
      30.5: () => {
        controller.overhear('0b20 07 01 6000 3000 00 00')
        controller.overhear('0c20 02 01 00')
      },
    }
    listen(100, { events })
    expect(controller.scans).toHaveLength(1)
  })

  test('hears again a second after another program has reset the controller', () => {
    controller.bluetooth5 = true
    const { heardAt } = listen(40, { events: { 30.5: () => controller.overhear('030c 00') } })
    expect(heardAt.slice(29, 31)).toEqual([30, 32])
    // It has forgotten what it is to report.
    expect(sentOf([0x0c01, 0x2001])).toEqual([0x0c01, 0x2001])
  })

  test('starts over with its patience once the program that kept stopping the scan has ended', () => {
    const stop = () => controller.overhear('0c20 02 00 00')
    const stops = Array.from({ length: 19 }, (_, index) => 10.2 + 5 * index)
    const events = Object.fromEntries([...stops, 160.2].map((at) => [at, stop]))
    listen(180, { events })
    // Fifteen seconds after the last one at 100.2 s, and then after one second.
    expect(controller.scans.slice(-2).map(({ at }) => at)).toEqual([115_200, 161_200])
  })

  test('takes its own power cycle for nobody else’s doing, however late that is heard', () => {
    controller.deliver = (event) => void timer(100).forEach(event)
    listen(200, { audible: () => controller.powered.length > 0 })
    expect(controller.powered).toHaveLength(2)
    expect(log.lines.filter((line) => line.includes('Another program'))).toEqual([])
  })

  test('is deaf, not switched off, when it could not switch the adapter on again, and hopeless in the end', () => {
    let hangs = false
    controller.powerOn = 0x05
    const events = { 30.5: () => (hangs = true), 3000: () => (controller.powerOn = 0) }
    const audible = () => !hangs || controller.powerOn === 0
    const { states } = listen(4000, { audible, events })
    expect(states).toEqual(['LISTENING', deaf, deaf, 'LISTENING'])
    expect(log.lines.filter((line) => line.includes('switched off and on: it does not answer'))).toHaveLength(
      1,
    )
    expect(log.lines.filter((line) => line.includes('is switched off'))).toEqual([])
    // It is tried again, also where the ladder would only have the scan restarted.
    const tries = controller.powered.filter(({ on, at }) => !on && at < 1000 * 3600)
    expect(tries.length).toBeGreaterThan(5)
  })

  test('says that it has stopped when nobody listens any more', () => {
    const { advertisements$, state$ } = bluetoothRadio(log.log)
    const states: string[] = []
    new TestScheduler(() => undefined).run(() => {
      void state$.pipe(takeUntil(timer(5000))).forEach((state) => states.push(radioStateText(state)))
      void merge(timer(0), timer(2000))
        .pipe(switchMap(() => advertisements$.pipe(takeUntil(timer(1000)))))
        .forEach(() => undefined)
    })
    expect(states).toEqual(['LISTENING', 'STOPPED', 'LISTENING', 'STOPPED'])
  })

  test('names all of several adapters when none of them is left', () => {
    controller.devices = []
    const { states } = listen(10, { adapters: ['hci0', 'hci1'] })
    expect(states.at(-1)).toMatch(/^NO ADAPTER: hci0: .*asks for hci0.* hci1: .*asks for hci1/)
  })
})
