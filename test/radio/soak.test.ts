import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { tap } from 'rxjs'
import { expect, onTestFinished, test, vi } from 'vitest'
import { goveeSensor } from '../../src/ble/bleSensor.js'
import { bluetoothRadio } from '../../src/radio/bluetoothRadio.js'
import { hciController } from '../support/hciController.js'
import { needsNoble } from '../support/needsNoble.js'
import { quietLog } from '../support/quietLog.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

// The long form, a million advertisements from 200 000 addresses, is `npm run soak`.
const [count, addresses] = process.env['SOAK'] ? [1_000_000, 200_000] : [100_000, 20_000]
const megabyte = 2 ** 20

const byte = (value: number) => value.toString(16).padStart(2, '0')
const named = (name: string) => `${byte(name.length + 1)}09${Buffer.from(name).toString('hex')}`

/** A street: of ten devices one is Govee's, three say a name, six are phones that say next to nothing. */
function advertisement(index: number): string {
  const digits = (index % addresses).toString(16).padStart(6, '0')
  const kind = index % 10
  let data = `02011a0aff4c001005${digits}0000`
  if (kind < 4) data = named(`Headphones ${digits}`)
  if (kind === 0) data = `${named(`GVH5075_${digits.slice(2)}`)}09ff88ec00${digits}6400`
  const address = `${digits.slice(4)}${digits.slice(2, 4)}${digits.slice(0, 2)}38c1a4`
  const length = data.length / 2
  return `043e${byte(length + 12)}02010000${address}${byte(length)}${data}c3`
}

async function heap(): Promise<number> {
  await turn()
  collectGarbage()
  collectGarbage()
  return process.memoryUsage().heapUsed / megabyte
}

needsNoble('a soak of the radio', () => {
  test('leaves the memory as it was, however many devices pass by', { timeout: 600_000 }, async () => {
    const controller = hciController()
    let readings = 0
    const sensor$ = goveeSensor(bluetoothRadio(quietLog()).advertisements$, { destination: 'govee' })
    const listening = sensor$.pipe(tap(() => (readings += 1))).subscribe()
    await expect.poll(() => controller.scanning).toBe(true)

    const figures: number[] = []
    for (let index = 0; index < count; index += 1) {
      if (index % (count / 10) === 0) figures.push(await heap())
      controller.send(advertisement(index))
    }
    figures.push(await heap())
    listening.unsubscribe()
    const [, atTenth = 0] = figures
    console.log(`heap in MB after every tenth: ${figures.map((figure) => figure.toFixed(1)).join(' ')}`)
    expect(readings).toBe(count / 2)
    expect((figures.at(-1) ?? 0) - atTenth).toBeLessThan(10)
  })

  test('leaves no listener, timer or socket behind after a thousand subscriptions', () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const controller = hciController()
    const { advertisements$, state$ } = bluetoothRadio(quietLog(), { adapters: ['hci0'] })
    const listeners = () => process.eventNames().map((name) => [name, process.listenerCount(name)])
    const before = listeners()
    for (let round = 0; round < 1000; round += 1) {
      const subscriptions = [state$.subscribe(), advertisements$.subscribe(), advertisements$.subscribe()]
      vi.advanceTimersByTime(round)
      // That of the adapter, and that on which the kernel says that it was pulled out.
      expect(controller.openSockets).toBe(2)
      for (const subscription of subscriptions) subscription.unsubscribe()
    }
    expect(controller).toMatchObject({ openSockets: 0, scanning: false })
    expect(controller.scans).toHaveLength(1000)
    expect(vi.getTimerCount()).toBe(0)
    expect(listeners()).toEqual(before)
  })
})
