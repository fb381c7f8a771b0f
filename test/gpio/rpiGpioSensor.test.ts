import fc from 'fast-check'
import { filter, map, NEVER, type Observable, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { localTime, RpiGpioSensor } from '../../src/gpio/rpiGpioSensor.js'
import { simulatedGpio } from '../../src/gpio/simulatedGpio.js'
import { switchCommand } from '../../src/operators/switched.js'
import type { GpioChip } from '../../src/plugin/gpioChip.js'
import { marbles } from '../../src/testing/marbles.js'
import { quietLog } from '../support/quietLog.js'
import { sectionProblems } from '../support/sectionProblems.js'
import { undescribed } from '../support/undescribed.js'

const wires = { h: { line: 17, level: true }, l: { line: 17, level: false } }

const values = { o: 'OPEN', c: 'CLOSED' }

function sensor(gpio: GpioChip, parameters: Readonly<Record<string, string>> = {}, log = quietLog()) {
  const options = RpiGpioSensor.options.parse({
    Pin: '17',
    Destination: 'door',
    Debounce: '0',
    ...parameters,
  })
  return RpiGpioSensor.create(options, { section: 'Sensor1', log, advertisements$: NEVER, gpio })
}

const valuesAt =
  (destination: string) =>
  (readings$: ReturnType<typeof sensor>): Observable<unknown> =>
    readings$.pipe(
      filter((reading) => reading.destination === destination),
      map(({ value }) => value),
    )

describe('RpiGpioSensor', () => {
  it.each([
    ['the level at the start and each change', {}, '--h-l-h--', 'c-o-c-o--'],
    ['the same with EventDetection = BOTH', { EventDetection: 'BOTH' }, '--h-l-h--', 'c-o-c-o--'],
    ['changes to HIGH only', { EventDetection: 'RISING' }, '--h-l-h--', 'c-o---o--'],
    ['changes to LOW only', { EventDetection: 'FALLING' }, '--h-l-h--', 'c---c----'],
    ['HIGH at rest with a pull-up', { PUD: 'UP' }, '--l------', 'o-c------'],
    ['no change that does not stay for Debounce', { Debounce: '0.003' }, '--h-l-h----', 'c--------o-'],
    ['no change that does not stay for Poll', { Poll: '0.004' }, '--h-l-h-----', 'c---------o-'],
    [
      'every change when there is EventDetection beside Poll',
      { Poll: '9', EventDetection: 'BOTH' },
      '--h-l',
      'c-o-c',
    ],
  ])('reports %s', (_, parameters, driven, expected) =>
    marbles(({ hot, expectObservable }) => {
      const readings$ = sensor(simulatedGpio(hot(driven, wires)), parameters)
      expectObservable(readings$.pipe(valuesAt('door'))).toBe(expected, values)
    }),
  )

  it('reports the values it is told, LOW first', () =>
    marbles(({ hot, expectObservable }) => {
      const readings$ = sensor(simulatedGpio(hot('--h', wires)), { Values: 'OFF, ON' })
      expectObservable(readings$.pipe(undescribed)).toBe('a-b', {
        a: { destination: 'door', value: 'OFF', at: 0 },
        b: { destination: 'door', value: 'ON', at: 2 },
      })
    }))

  it('listens to a pin by its number on the header', () =>
    marbles(({ hot, expectObservable }) => {
      const readings$ = sensor(simulatedGpio(hot('--h', wires)), { Pin: '11', PinNumbering: 'BOARD' })
      expectObservable(readings$.pipe(valuesAt('door'))).toBe('c-o', values)
    }))

  const button = { 'Short_Press-Dest': 'bell', 'Long_Press-Dest': 'alarm', 'Long_Press-Threshold': '1.2' }

  it.each([
    ['short', { PUD: 'UP' }, '-l 999ms h', '-- 999ms p', 'bell'],
    ['long', { PUD: 'UP' }, '-l 1200ms h', '-- 1200ms p', 'alarm'],
    ['short with a pull-down', {}, '-h 999ms l', '-- 999ms p', 'bell'],
    ['short with an explicit level', { Btn_Pressed_State: 'HIGH' }, '-h 999ms l', '-- 999ms p', 'bell'],
    [
      'short, also when it reports rising edges only',
      { EventDetection: 'RISING' },
      '-h 9ms l',
      '-- 9ms p',
      'bell',
    ],
  ])(
    'reports a press that is %s as an event, with its time',
    (_, parameters, driven, expected, destination) =>
      marbles(({ hot, expectObservable }) => {
        const isTime = (value: unknown) => /^\d{4}-.*T.*\.\d{6}$/.test(String(value))
        const readings$ = sensor(simulatedGpio(hot(driven, wires)), { ...button, ...parameters }).pipe(
          filter((reading) => reading.destination !== 'door'),
          map(({ destination, event, value }) => ({ destination, event, isTime: isTime(value) })),
        )
        expectObservable(readings$).toBe(expected, { p: { destination, event: true, isTime: true } })
      }),
  )

  it('reports no press that is too short', () =>
    marbles(({ hot, expectObservable }) => {
      const parameters = { ...button, 'Short_Press-Threshold': '0.05' }
      const readings$ = sensor(simulatedGpio(hot('-h 49ms l', wires)), parameters)
      expectObservable(readings$.pipe(valuesAt('bell'))).toBe('-')
    }))

  it('takes every press for a short one when there is nowhere to report long ones', () =>
    marbles(({ hot, expectObservable }) => {
      const parameters = { 'Short_Press-Dest': 'bell', 'Long_Press-Threshold': '1' }
      const readings$ = sensor(simulatedGpio(hot('-h 5s l', wires)), parameters)
      expectObservable(
        readings$.pipe(
          valuesAt('bell'),
          map(() => 'pressed'),
        ),
      ).toBe('-- 5s p', { p: 'pressed' })
    }))

  it('says in the log how long a press was', () =>
    marbles(({ hot, flush }) => {
      const log = quietLog()
      sensor(simulatedGpio(hot('-h 999ms l', wires)), button, log).subscribe()
      flush()
      expect(log.info).toHaveBeenCalledExactlyOnceWith('short press, 1 s')
    }))

  it('says nothing of presses where none are reported', () =>
    marbles(({ hot, flush }) => {
      const log = quietLog()
      sensor(simulatedGpio(hot('-l-h-l-h-l', wires)), {}, log).subscribe()
      flush()
      expect(log.info).not.toHaveBeenCalled()
      expect(log.warn).not.toHaveBeenCalled()
    }))

  it('says once that Btn_Pressed_State may be the wrong way round', () =>
    marbles(({ hot, flush }) => {
      const log = quietLog()
      sensor(
        simulatedGpio(hot('-l-h-l-h', wires)),
        { ...button, PUD: 'UP', Btn_Pressed_State: 'HIGH' },
        log,
      ).subscribe()
      flush()
      expect(log.warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('Btn_Pressed_State'))
    }))

  it('says how many changes were lost', () => {
    const log = quietLog()
    const chip = { ...simulatedGpio(), input: () => of({ level: true, at: 0, lost: 7 }) }
    sensor(chip, {}, log).subscribe()
    expect(log.warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('7 changes'))
  })
})

describe('the parameters of RpiGpioSensor', () => {
  const known = ['[Sensor1]', 'Class = gpio.rpi_gpio.RpiGpioSensor', 'Destination = door']

  it.each([
    [['Pin = 17'], []],
    [['Pin = 54'], ['4: error: [Sensor1] Pin: expected an integer from 0 to 53, got "54"']],
    [['Pin = 40', 'PinNumbering = BOARD'], []],
    [
      ['Pin = 6', 'PinNumbering = BOARD'],
      [
        expect.stringMatching(
          /^4: error: \[Sensor1\] Pin: expected a GPIO pin of the header \(3, 5, 7, .*, got 6$/,
        ),
      ],
    ],
    [
      ['Pin = 17', 'Long_Press-Dest = alarm'],
      [expect.stringContaining('Long_Press-Threshold: missing, Long_Press-Dest needs it')],
    ],
    [['Pin = 17', 'PUD = SIDEWAYS'], [expect.stringContaining('expected UP or DOWN, got "SIDEWAYS"')]],
  ])('%j', async (lines, problems) => {
    expect(await sectionProblems(...known, ...lines)).toEqual(problems)
  })
})

describe('localTime', () => {
  it('is the local time of day, with microseconds and without a zone', () => {
    const at = new Date(2021, 9, 24, 16, 23, 41, 500)
    expect(localTime(at.getTime())).toBe('2021-10-24T16:23:41.500000')
  })

  it('always has the 26 characters by which others know it, and toggles', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1970-01-02'), max: new Date('9999-12-30'), noInvalidDate: true }),
        (date) => {
          expect(localTime(date.getTime())).toMatch(/^.{10}T.{15}$/)
          expect(switchCommand(localTime(date.getTime()))).toBe('TOGGLE')
        },
      ),
    )
  })
})

describe('switchCommand', () => {
  it.each([
    ['ON', 'ON'],
    ['OFF', 'OFF'],
    ['TOGGLE', 'TOGGLE'],
    ['2021-10-24T16:23:41.500792', 'TOGGLE'],
    ['2022-02-27T17:58:45.165491+0100', 'TOGGLE'],
    ['2022-02-27T17:58:45Z', 'TOGGLE'],
    ['on', undefined],
    ['', undefined],
    ['2021-10-24', undefined],
    ['TOGGLE; rm -rf /', undefined],
  ])('takes %j for %s', (payload, expected) => {
    expect(switchCommand(payload)).toBe(expected)
  })
})
