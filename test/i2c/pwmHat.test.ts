import { NEVER, Subject } from 'rxjs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { PwmHatColorLed } from '../../src/i2c/pwmHat.js'
import type { Command } from '../../src/model.js'
import { journal } from '../support/journal.js'
import { type Chip, pwmChips } from '../support/pwmChips.js'
import { quietLog } from '../support/quietLog.js'

const boards: readonly Chip[] = [
  { device: 'fe20c000.pwm', channels: [0, 1] },
  { device: '1-0040', channels: [0, 1, 2, 3] },
  { device: '1-0043', channels: [0, 1, 2, 3] },
]
const parse = (parameters: Readonly<Record<string, string>>) =>
  PwmHatColorLed.options.parse({ CommandSrc: 'shelf', ...parameters })

function shelf(parameters: Readonly<Record<string, string>>, chips = boards) {
  const kernel = pwmChips(chips)
  const commands$ = new Subject<Command>()
  const options = parse({ Path: kernel.root, InvertOut: 'NO', ...parameters })
  const context = { section: 'Actuator0', log: quietLog(), advertisements$: NEVER }
  const state$ = commands$.pipe(PwmHatColorLed.create(options, context))
  const said = journal<string>()
  const subscription = state$.subscribe({
    next: ({ value }) => said.add(String(value)),
    error: (error: unknown) => said.add(String(error)),
  })
  onTestFinished(() => subscription.unsubscribe())
  return {
    ...kernel,
    said,
    say: (payload: string) => commands$.next({ source: 'shelf', payload }),
  }
}

const rgb = { 'Channels.Red': '0', 'Channels.Green': '1', 'Channels.Blue': '2' }

describe('PwmHatColorLED', () => {
  it.each([
    ['0', 1],
    ['3', 2],
  ])('lights the channels of the board of Stack %s, 240 times a second', async (Stack, chip) => {
    const { said, share, read } = shelf({ ...rgb, Stack, 'InitialState.Green': '40' })
    await said.until((text) => text === '120,100,40')
    expect([0, 1, 2].map((channel) => Math.round(share(chip, channel)))).toEqual([0, 40, 0])
    expect(read(chip, 1, 'period')).toBe('4166667')
  })

  it('changes in steps, and says what it has become', async () => {
    const { said, say, share } = shelf({ 'Channels.White': '3', SmoothChangeInterval: '0.001' })
    await said.until((value) => value === '0')
    say('30')
    await said.until((value) => value === '30')
    expect(share(1, 3)).toBeCloseTo(30, 3)
    expect(said.entries).toEqual(['0', '30'])
  })

  it('takes DIM and STOP, as of a button that is held', async () => {
    const { said, say, share } = shelf({
      ...{ 'Channels.White': '3', SmoothChangeInterval: '0', DimDelay: '0', DimInterval: '0.01' },
    })
    await said.until((value) => value === '0')
    say('DIM')
    // Where it stops depends on the time, and is what is said.
    await expect.poll(() => share(1, 3)).toBeGreaterThan(0)
    say('STOP')
    const stopped = Number(await said.until(() => true, 1))
    expect(stopped).toBeGreaterThan(0)
    expect(share(1, 3)).toBeCloseTo(stopped, 3)
  })

  it('says what to do where the kernel has no such board', async () => {
    const { said } = shelf({ ...rgb, Stack: '61' })
    expect(await said.until(() => true)).toBe(
      'Error: expected a PWM channel of the kernel for channel 0 of Stack 61, got none: add dtoverlay=i2c-pwm-pca9685a,addr=0x7d to /boot/firmware/config.txt and reboot',
    )
  })

  it.each([
    [
      {},
      'Channels.Red missing, one of these is required: Channels.Red, Channels.Green, Channels.Blue, Channels.White',
    ],
    [
      { 'Channels.Red': '0', 'Channels.Blue': '0' },
      'Channels.Blue expected a channel of its own, got that of Red',
    ],
    [{ 'Channels.Red': '16' }, 'Channels.Red expected an integer from 0 to 15'],
    [{ 'Channels.Red': '0', Stack: '62' }, 'Stack expected an integer from 0 to 61'],
    [{ 'Channels.Red': '0', 'PWM-Frequency': '2000' }, 'PWM-Frequency expected an integer from 30 to 1600'],
  ])('is not to have %o', (parameters, fault) => {
    const { error } = PwmHatColorLed.options.safeParse({ CommandSrc: 'a', ...parameters })
    expect(error?.issues.map(({ path, message }) => `${path.join()} ${message}`)).toEqual([fault])
  })

  it('acts at a toggle and at a DIM that were retained, and is announced as a light', () => {
    const options = parse(rgb)
    const acts = ['TOGGLE', 'DIM', 'STOP', 'ON'].filter((payload) =>
      PwmHatColorLed.acts?.(options, { source: 'shelf', payload }),
    )
    expect(acts).toEqual(['TOGGLE', 'DIM'])
    expect(PwmHatColorLed.sources?.(options)).toEqual(['shelf'])
    expect(PwmHatColorLed.describes?.(options).topics).toMatchObject([{ name: 'light', topic: 'shelf' }])
  })
})
