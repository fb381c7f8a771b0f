import { NEVER, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Line, openLine } from '../../src/gpio/kernel/line.js'
import { simulatedGpio } from '../../src/gpio/simulatedGpio.js'
import { boardChip, EightRelayHat, relayBoard } from '../../src/i2c/relay.js'
import { marbles } from '../../src/testing/marbles.js'
import { kernelFiles } from '../support/kernelFiles.js'
import { quietLog } from '../support/quietLog.js'
import { undescribed } from '../support/undescribed.js'

const options = (parameters: Readonly<Record<string, string>>) =>
  EightRelayHat.options.parse({ CommandSrc: 'pump', ...parameters })

/** A board on the bus, and what is done to its lines. */
function board(fault?: string) {
  const { root } = kernelFiles({ '1-0027/gpiochip2/dev': '', '1-0027/gpio/gpiochip512/base': '512' })
  const done: string[] = []
  const open: typeof openLine = (number, role, _calls, _folder, other) => {
    done.push(`${other?.name ?? ''} ${number} ${'level' in role && role.level ? 'on' : 'off'}`)
    const line: Partial<Line> = {
      set: (level) => {
        if (fault !== undefined) throw Object.assign(new Error('ioctl failed'), { code: fault })
        done.push(level ? 'on' : 'off')
      },
      close: () => done.push('close'),
    }
    return line as Line
  }
  return { chip: relayBoard(0, open, root), done }
}

describe('EightRelayHAT', () => {
  it.each([...[0, 2, 6, 4, 5, 7, 3, 1].map((line, index) => [index + 1, line] as const)])(
    'has relay %i on line %i of the expander',
    (relay, line) => {
      const { chip, done } = board()
      of(false, true).pipe(chip.output(relay)).subscribe()
      expect(done).toEqual([`gpiochip2 ${line} off`, 'on', 'close'])
    },
  )

  it.each([
    [0, '1-0027'],
    [0, '1-003f'],
    [3, '1-0024'],
    [7, '0-0020'],
    [7, '1-0038'],
  ])('finds the board of Stack %i as %s', (stack, device) => {
    const { root } = kernelFiles({
      ...{ 'i2c-1/name': 'bcm2835', '1-0026/gpiochip1/dev': '', '1-0040/name': 'pca9685' },
      [`${device}/gpiochip3/dev`]: '',
    })
    expect(boardChip(stack, root)).toBe('gpiochip3')
  })

  it.each([
    ['nothing is on the bus', {}],
    ['another chip is at its address', { '1-0024/name': 'aht20', '1-0027/gpiochip2/dev': '' }],
  ])('says what to do where %s', (_, files) => {
    const { root } = kernelFiles({ 'i2c-1/name': 'bcm2835', ...files })
    expect(() => boardChip(3, root)).toThrow(
      'expected the relays of Stack 3 at 0x24 or 0x3c of the I2C bus, got none from the kernel: see with i2cdetect -y 1 which of them it is, add dtoverlay=pca953x,addr=0x24 (or 0x3c) to /boot/firmware/config.txt and reboot',
    )
  })

  it('says which relay does not answer', () => {
    const { chip } = board('EREMOTEIO')
    let failure: unknown
    of(false, true)
      .pipe(chip.output(3))
      .subscribe({ error: (error: unknown) => (failure = error) })
    expect(String(failure)).toBe(
      'Error: relay 3 of Stack 0 does not answer (EREMOTEIO): is the board there, and has it power?',
    )
  })

  it.each([
    ['a switch', {}, '-n-t', 'f n-f', ['off', 'on', 'off']],
    ['a switch the other way round', { InvertOut: 'YES' }, '-f-t', 'n f-n', ['off', 'on', 'off']],
    ['a button', { SimulateButton: 'YES' }, '-n', '', ['off', 'on', 'off']],
  ])('is %s, as a pin is', (_, parameters, source, expected, levels) =>
    marbles(({ hot, expectObservable, flush }) => {
      const driven: string[] = []
      const gpio = simulatedGpio(NEVER, ({ line, level }) => driven.push(`${line} ${level ? 'on' : 'off'}`))
      const context = { section: 'A', log: quietLog(), advertisements$: NEVER, gpio }
      const operator = EightRelayHat.create(options({ Relay: '3', Stack: '1', ...parameters }), context)
      const payloads = { n: 'ON', f: 'OFF', t: 'TOGGLE' }
      const commands = Object.fromEntries(
        Object.entries(payloads).map(([letter, payload]) => [letter, { source: 'pump', payload }]),
      )
      expectObservable(hot(source, commands).pipe(operator, undescribed)).toBe(expected.replace(' ', ''), {
        n: { destination: 'pump', value: 'ON' },
        f: { destination: 'pump', value: 'OFF' },
      })
      flush()
      expect(driven).toEqual(levels.map((level) => `203 ${level}`))
    }),
  )

  it.each([
    [{ Relay: '9' }, 'Relay'],
    [{ Relay: '1', Stack: '8' }, 'Stack'],
    [{}, 'Relay'],
  ])('is not to have %o', (parameters, key) => {
    const { error } = EightRelayHat.options.safeParse({ CommandSrc: 'a', ...parameters })
    expect(error?.issues.map(({ path }) => path[0])).toEqual([key])
  })

  it('is announced as a switch, and as a button with SimulateButton', () => {
    const names = [{}, { SimulateButton: 'YES' }].map(
      (parameters) => EightRelayHat.describes?.(options({ Relay: '1', ...parameters })).topics?.[0]?.name,
    )
    expect(names).toEqual(['switch', 'button'])
  })
})
