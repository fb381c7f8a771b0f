import { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import { inspect } from 'node:util'
import fc from 'fast-check'
import {
  filter,
  ignoreElements,
  lastValueFrom,
  merge,
  switchMap,
  take,
  takeUntil,
  tap,
  timer,
  toArray,
} from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Advertisement } from '../../src/radio/advertisement.js'
import { scanning } from '../../src/radio/keepListening.js'
import { openAdapter, openNoble } from '../../src/radio/openAdapter.js'
import { isAdvertisement } from '../../src/radio/state.js'
import { hciController } from '../support/hciController.js'
import { needsNoble } from '../support/needsNoble.js'
import { advertisingEvent, advInd, scanRsp } from '../support/onAir.js'
import { quietLog } from '../support/quietLog.js'

needsNoble('an adapter, over the wire of the real noble', () => {
  let controller: ReturnType<typeof hciController>
  let log: ReturnType<typeof quietLog>
  beforeEach(() => {
    controller = hciController()
    log = quietLog()
  })

  afterEach(() => void vi.useRealTimers())

  /** What comes out in the next `duration` ms of virtual time, while `events` happen at their times. */
  const virtually = (duration: number, events: Record<number, () => void> = {}) => {
    const heard: Advertisement[] = []
    let error: Error | undefined
    new TestScheduler(() => undefined).run(() => {
      const events$ = Object.entries(events).map(([at, happen]) =>
        timer(Number(at)).pipe(tap(happen), ignoreElements()),
      )
      merge(hearing(), ...events$)
        .pipe(takeUntil(timer(duration)))
        .subscribe({
          next: (value) => heard.push(value),
          error: (reason: unknown) => (error = reason as Error),
        })
    })
    return { heard, error }
  }
  /** What the adapter hears; what it says of itself is left out. */
  const hearing = () =>
    openAdapter(log).pipe(
      switchMap((scanner) => scanning(scanner, log)),
      filter(isAdvertisement),
    )
  const warnings = () => log.warn.mock.calls.map(([text]) => String(text))

  test('hears the reading and the scan response of an H5075, each as it was on the air', async () => {
    controller.deliver = (happen) => setImmediate(happen)
    const heard = lastValueFrom(hearing().pipe(take(2), toArray()), { defaultValue: [] })
    await expect.poll(() => controller.scanning).toBe(true)
    controller.send(advertisingEvent([advInd]))
    controller.send(advertisingEvent([scanRsp]))
    const [first, second] = await heard
    expect(first).toMatchObject({
      address: 'a4:c1:38:11:22:33',
      addressType: 'public',
      event: 'adv_ind',
      rssi: -61,
      localName: 'GVH5075_2233',
      serviceUuids: ['ec88'],
      manufacturerData: [Buffer.from('88ec0003519e6400', 'hex')],
    })
    expect(Math.abs(Date.now() - (first?.at ?? 0))).toBeLessThan(60_000)
    expect(second).toMatchObject({ event: 'scan_rsp', rssi: -64, serviceUuids: [] })
    expect(second?.manufacturerData).toHaveLength(1)
  })

  test('hears every report of an event that carries several', () => {
    const { heard } = virtually(100, {
      50: () => controller.send(advertisingEvent([advInd, scanRsp, advInd])),
    })
    expect(heard.map((advertisement) => advertisement.event)).toEqual(['adv_ind', 'scan_rsp', 'adv_ind'])
  })

  test('asks for every packet, not for each device once', () => {
    virtually(100)
    expect(controller.scans).toEqual([{ at: 0, filtered: false }])
  })

  test('goes on hearing after any garbage from the controller', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 60 })),
        fc.constantFrom('', '04', '043e', '040e'),
        (all, start) => {
          const { heard, error } = virtually(100, {
            50: () => all.forEach((bytes) => controller.send(start + Buffer.from(bytes).toString('hex'))),
            60: () => controller.send(advertisingEvent([advInd])),
          })
          expect(error).toBeUndefined()
          expect(heard.at(-1)?.localName).toBe('GVH5075_2233')
        },
      ),
    )
  })

  test('drops a report that the end of its event cuts off', () => {
    const whole = advertisingEvent([advInd]).replaceAll(' ', '')
    for (let length = 2; length < whole.length; length += 2) {
      expect(virtually(100, { 50: () => controller.send(whole.slice(0, length)) }).heard).toEqual([])
    }
  })

  test('scans again when the adapter has been off, and says each change once', () => {
    virtually(20_000, {
      3500: () => (controller.up = false),
      10_500: () => (controller.up = true),
    })
    expect(controller.scans.map(({ at }) => at)).toEqual([0, 11_000])
    expect(warnings()).toEqual([expect.stringMatching(/switched off.*rfkill unblock bluetooth/)])
  })

  test('waits for an adapter that is off at the start', () => {
    controller.up = false
    const { error } = virtually(100_000, { 90_500: () => (controller.up = true) })
    expect(error).toBeUndefined()
    expect(controller.scans.map(({ at }) => at)).toEqual([91_000])
  })

  test('scans again, ever more slowly, when another program keeps stopping the scan', () => {
    const stop = () => controller.send('01 0c20 02 00 00')
    const stops = [5000, 6500, 9000, 14_000, 100_000]
    virtually(110_000, Object.fromEntries(stops.map((at) => [at, stop])))
    expect(controller.scans.map(({ at }) => at)).toEqual([0, 6000, 8500, 13_000, 22_000, 101_000])
    expect(warnings()).toHaveLength(2)
  })

  test('scans again when another program asks for each device only once', () => {
    virtually(10_000, { 5000: () => controller.send('01 0c20 02 01 01') })
    expect(controller.scans.map(({ at }) => at)).toEqual([0, 6000])
  })

  test('prefers the lowest adapter that is up', () => {
    controller.devices = [
      { devId: 2, devUp: true },
      { devId: 1, devUp: true },
      { devId: 0, devUp: false },
    ]
    virtually(100)
    expect(controller.boundTo).toBe(1)
  })

  test.each([
    ['there is no Bluetooth in the kernel', { open: 'EAFNOSUPPORT' }, /modprobe bluetooth/],
    ['there is no adapter', { bind: 'ENODEV' }, /No Bluetooth adapter was found: plug one in/],
    ['it is not permitted', { write: 'EPERM' }, /AmbientCapabilities=CAP_NET_RAW.*setcap/],
    [
      'the native part is not built',
      { open: 'MODULE_NOT_FOUND' },
      /not installed.*npm install -g --foreground-scripts .*build-essential.*nodejs\.org.*libnode-dev.*npm_config_nodedir=\/usr/,
    ],
    ['anything else fails', { bind: 'EWHATEVER' }, /^Bluetooth cannot be used: EWHATEVER\.$/],
  ])('says in one line what to do when %s, and leaves nothing behind', (_, fails, message) => {
    controller.fails = fails
    const { error } = virtually(10_000)
    expect(error?.message).toMatch(message)
    expect(error?.message).not.toContain('\n')
    expect(controller.openSockets).toBe(0)
  })

  test('fails when the adapter is pulled out, for it comes back under another number', () => {
    const { error } = virtually(10_000, {
      3500: () => {
        controller.up = false
        controller.devices = []
      },
    })
    expect(error?.message).toMatch(/No Bluetooth adapter was found/)
    expect(controller.openSockets).toBe(0)
  })

  test('fails when the adapter answers nothing for 10 s', () => {
    controller.answersCommands = false
    expect(virtually(9_000).error).toBeUndefined()
    expect(virtually(11_000).error?.message).toMatch(/does not answer/)
  })

  test('opens nothing before it is subscribed to', () => {
    controller.fails = { open: 'EAFNOSUPPORT' }
    expect(hearing).not.toThrow()
    expect(virtually(100).error?.message).toMatch(/kernel .* has no Bluetooth/)
  })

  test('stops the scan and leaves no socket, timer or listener behind when unsubscribed', () => {
    vi.useFakeTimers()
    const listeners = () => process.eventNames().map((name) => [name, process.listenerCount(name)])
    const before = listeners()
    const subscription = hearing().subscribe()
    vi.advanceTimersByTime(5000)
    expect(controller.scanning).toBe(true)
    expect(vi.getTimerCount()).toBeGreaterThan(0)
    subscription.unsubscribe()
    expect(controller).toMatchObject({ scanning: false, openSockets: 0 })
    expect(vi.getTimerCount()).toBe(0)
    expect(listeners()).toEqual(before)
  })
})

const require = createRequire(import.meta.url)

/** The real noble on bindings that do as those of macOS. */
function fakeBindings() {
  return Object.assign(new EventEmitter(), {
    init: vi.fn(),
    startScanning: vi.fn(),
    stopScanning: vi.fn(),
    stop: vi.fn(),
  })
}

needsNoble('the radio where noble shows no more than its discover event', () => {
  const listen = (bindings: ReturnType<typeof fakeBindings>) => {
    const withBindings = require('@abandonware/noble/with-bindings') as (bindings: EventEmitter) => never
    const noble = withBindings(bindings)
    const heard: Advertisement[] = []
    const error = vi.fn()
    const log = quietLog()
    const subscription = openNoble(log, () => noble)
      .pipe(switchMap((scanner) => scanning(scanner, log)))
      .subscribe({ next: (sign) => 'kind' in sign || heard.push(sign), error })
    return { heard, error, subscription, log, noble: noble as EventEmitter }
  }
  const advertisement = {
    localName: 'GVH5075_2233',
    serviceUuids: ['EC88'],
    manufacturerData: Buffer.from('88ec0003519e6400', 'hex'),
    serviceData: [{ uuid: 'FCD2', data: Buffer.from('40', 'hex') }],
  }

  test('scans with duplicates when powered on, and hears copies', () => {
    const bindings = fakeBindings()
    const { heard, subscription } = listen(bindings)
    expect(bindings.startScanning).not.toHaveBeenCalled()
    bindings.emit('stateChange', 'poweredOn')
    expect(bindings.startScanning).toHaveBeenCalledExactlyOnceWith([], true)

    bindings.emit('discover', 'f00d', '', 'unknown', true, advertisement, -61, true)
    advertisement.manufacturerData[7] = 0xff
    expect(heard).toEqual([
      {
        address: 'f00d',
        rssi: -61,
        at: expect.any(Number) as number,
        localName: 'GVH5075_2233',
        serviceUuids: ['ec88'],
        manufacturerData: [Uint8Array.from([0x88, 0xec, 0x00, 0x03, 0x51, 0x9e, 0x64, 0x00])],
        serviceData: [{ uuid: 'fcd2', data: Uint8Array.from([0x40]) }],
      },
    ])

    subscription.unsubscribe()
    expect(bindings.stopScanning).toHaveBeenCalledOnce()
    expect(bindings.stop).toHaveBeenCalledOnce()
  })

  test('forgets each device at once, which noble itself never does', () => {
    const bindings = fakeBindings()
    const { noble, heard, subscription } = listen(bindings)
    bindings.emit('stateChange', 'poweredOn')
    for (let index = 0; index < 100; index += 1) {
      bindings.emit('discover', `f00d${index}`, '', 'unknown', true, { localName: 'x' }, -61, true)
    }
    expect(heard).toHaveLength(100)
    expect(inspect(noble, { depth: 2 })).not.toContain('f00d')
    subscription.unsubscribe()
  })

  test("writes noble's warnings into the log instead of on the console", () => {
    const { noble, log, subscription } = listen(fakeBindings())
    noble.emit('warning', 'something is odd')
    expect(log.warn).toHaveBeenCalledExactlyOnceWith('noble:', 'something is odd')
    subscription.unsubscribe()
  })

  test('fails when it is not permitted', () => {
    const bindings = fakeBindings()
    const { error } = listen(bindings)
    bindings.emit('stateChange', 'unauthorized')
    expect(error).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ message: expect.stringContaining('not permitted') as string }),
    )
    expect(bindings.stop).toHaveBeenCalledOnce()
  })
})
