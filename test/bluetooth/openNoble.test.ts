import { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import { inspect } from 'node:util'
import { switchMap } from 'rxjs'
import { expect, test, vi } from 'vitest'
import type { Advertisement } from '../../src/bluetooth/advertisement.js'
import { openNoble } from '../../src/bluetooth/openNoble.js'
import { scanning } from '../../src/bluetooth/scanning.js'
import { quietLog } from '../support/quietLog.js'
import { needsNoble } from '../support/needsNoble.js'

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
