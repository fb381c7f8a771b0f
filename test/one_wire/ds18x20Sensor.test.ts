import { map, take, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Sensor } from '../../src/model.js'
import { Ds18x20Sensor, ds18x20Sensor } from '../../src/one_wire/ds18x20Sensor.js'
import { allOf } from '../govee/allOf.js'
import { kernelFiles } from '../support/kernelFiles.js'
import { quietLog } from '../support/quietLog.js'

const device = '28-a66c801e64ff'
const file = `${device}/w1_slave`
const slave = (thousandths: number, verdict = 'YES') =>
  `57 01 4b 46 7f ff 09 10 70 : crc=70 ${verdict}\n57 01 4b 46 7f ff 09 10 70 t=${thousandths}\n`
const options = { device, destination: 'outside', period: 5 }
const warm = { destination: 'outside', value: 21.437, decimals: 3 }

const firstOf = (sensor$: Sensor) => allOf(sensor$.pipe(take(1)))

describe('ds18x20Sensor', () => {
  it('reports the temperature at once, and again after each period', async () => {
    const { root } = kernelFiles({ [file]: slave(21437) })
    const sensor$ = ds18x20Sensor({ ...options, root }, quietLog())
    expect(await allOf(sensor$.pipe(take(2)))).toEqual([warm, warm])
  })

  it('reports Fahrenheit when asked', async () => {
    const { root } = kernelFiles({ [file]: slave(-40000) })
    const sensor$ = ds18x20Sensor({ ...options, unit: 'F', root }, quietLog())
    expect(await firstOf(sensor$)).toMatchObject([{ value: -40 }])
  })

  it('passes over a garbled reading', async () => {
    const { root, write } = kernelFiles({ [file]: slave(99000, 'NO') })
    const log = quietLog()
    log.debug.mockImplementation(() => write(file, slave(21437)))
    expect(await firstOf(ds18x20Sensor({ ...options, root }, log))).toEqual([warm])
  })

  it('passes over the 85 °C of a sensor that has just been powered', async () => {
    const { root, write } = kernelFiles({ [file]: slave(85000) })
    const log = quietLog()
    log.debug.mockImplementation(() => write(file, slave(21437)))
    expect(await firstOf(ds18x20Sensor({ ...options, root }, log))).toEqual([warm])
    expect(log.debug).toHaveBeenCalledWith(expect.stringContaining('says 85 °C'))
  })

  it('averages five measurements when asked', async () => {
    const { root, write } = kernelFiles({ [file]: slave(20000) })
    const next = [23000, 26000, 29000]
    const sensor$ = ds18x20Sensor({ ...options, smoothing: true, root }, quietLog()).pipe(
      tap(() => write(file, slave(next.shift() ?? 0))),
      map(({ value }) => value),
    )
    expect(await allOf(sensor$.pipe(take(3)))).toEqual([20, 21.5, 23])
  })

  it('fails when the device is gone for good, with advice', async () => {
    const { root } = kernelFiles({})
    await expect(firstOf(ds18x20Sensor({ ...options, root }, quietLog()))).rejects.toThrow(
      /28-a66c801e64ff cannot be read .*: is it connected, and is dtoverlay=w1-gpio/,
    )
  })

  it.each(['28-a66c801e64ff', '10-000802824E58'])('takes the device %s', (Mac) => {
    expect(Ds18x20Sensor.options.safeParse({ Mac, Poll: '10', Destination: 't' }).success).toBe(true)
  })

  it.each(['../../etc/passwd', '28-a66c', 'w1_bus_master1'])('refuses the device %s', (Mac) => {
    expect(Ds18x20Sensor.options.safeParse({ Mac, Poll: '10', Destination: 't' }).success).toBe(false)
  })
})
