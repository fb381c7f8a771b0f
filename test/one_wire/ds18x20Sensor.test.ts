import fc from 'fast-check'
import { map, take, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Sensor } from '../../src/model.js'
import {
  Ds18x20Sensor,
  ds18x20Sensor,
  isPowerOnValue,
  parseW1Slave,
} from '../../src/one_wire/ds18x20Sensor.js'
import { allOf } from '../ble/allOf.js'
import { kernelFiles } from '../support/kernelFiles.js'
import { quietLog } from '../support/quietLog.js'
import { undescribed } from '../support/undescribed.js'

describe('ds18x20Sensor', () => {
  const device = '28-a66c801e64ff'

  const file = `${device}/w1_slave`

  const slave = (thousandths: number, verdict = 'YES') =>
    `57 01 4b 46 7f ff 09 10 70 : crc=70 ${verdict}\n57 01 4b 46 7f ff 09 10 70 t=${thousandths}\n`

  const options = { device, destination: 'outside', period: 5 }

  const warm = { destination: 'outside', value: 21.437, decimals: 3 }

  const firstOf = (sensor$: Sensor) => allOf(sensor$.pipe(take(1), undescribed))

  it('reports the temperature at once, and again after each period', async () => {
    const { root } = kernelFiles({ [file]: slave(21437) })
    const sensor$ = ds18x20Sensor({ ...options, root }, quietLog())
    expect(await allOf(sensor$.pipe(take(2), undescribed))).toEqual([warm, warm])
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

  it.each([
    { of: 'five measurements', smoothing: true, averages: [20, 21.5, 23] },
    { of: 'all, the newest counts a half', smoothing: 2, averages: [20, 21.5, 23.75] },
  ])('averages $of when asked', async ({ smoothing, averages }) => {
    const { root, write } = kernelFiles({ [file]: slave(20000) })
    const next = [23000, 26000, 29000]
    const sensor$ = ds18x20Sensor({ ...options, smoothing, root }, quietLog()).pipe(
      tap(() => write(file, slave(next.shift() ?? 0))),
      map(({ value }) => value),
    )
    expect(await allOf(sensor$.pipe(take(3)))).toEqual(averages)
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

describe('parseW1Slave', () => {
  /** As w1_therm writes it. */
  const slave = (bytes: string, verdict: string, thousandths: number) =>
    `${bytes} : crc=${bytes.slice(-2)} ${verdict}\n${bytes} t=${thousandths}\n`

  it.each([
    ['a warm room', '57 01 4b 46 7f ff 09 10 70', 21437, 21.437],
    ['frost', 'f8 ff 4b 46 7f ff 08 10 b8', -500, -0.5],
    ['freezing point', '00 00 4b 46 7f ff 10 10 1d', 0, 0],
    ['the coldest', '90 fc 4b 46 7f ff 10 10 4a', -55000, -55],
    ['the hottest', 'd0 07 4b 46 7f ff 10 10 f3', 125000, 125],
  ])('reads %s', (_, bytes, thousandths, celsius) => {
    expect(parseW1Slave(slave(bytes, 'YES', thousandths))).toBe(celsius)
  })

  it.each([
    ['a wrong checksum', slave('57 01 4b 46 7f ff 09 10 70', 'NO', 21437), 'checksum'],
    ['a sensor that was pulled off', slave('ff ff ff ff ff ff ff ff ff', 'NO', -62), 'checksum'],
    ['a shorted bus', slave('00 00 00 00 00 00 00 00 00', 'YES', 0), 'shorted to ground'],
    ['what it cannot measure', slave('57 01 4b 46 7f ff 09 10 70', 'YES', 127937), 'expected -55 to 125 °C'],
    ['an empty file', '', 'expected lines with crc= and t=, got ""'],
    ['something else', 'hello\x1b[2J', 'got "hello\\u{1b}[2J"'],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseW1Slave(text)).toThrow(message)
  })

  it('says a temperature or why there is none, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0f :=crctYESNO-59\n'.split('')) }), (text) => {
        try {
          expect(parseW1Slave(text)).toBeGreaterThanOrEqual(-55)
        } catch (error) {
          expect(error).toBeInstanceOf(Error)
        }
      }),
    )
  })
})

describe('isPowerOnValue', () => {
  it.each([
    [85, undefined, true],
    [85, 21.4, true],
    [85, 84.9, false],
    [84.937, 21.4, false],
  ])('takes %d °C after %d °C for a power loss: %s', (celsius, before, expected) => {
    expect(isPowerOnValue(celsius, before)).toBe(expected)
  })
})
