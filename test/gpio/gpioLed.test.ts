import { mkdirSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lastValueFrom, NEVER, type Observable, Subject, take } from 'rxjs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { GpioColorLed } from '../../src/gpio/gpioLed.js'
import type { Command, Reading } from '../../src/model.js'
import { journal } from '../support/journal.js'
import { type Chip, pwmChips } from '../support/pwmChips.js'
import { quietLog } from '../support/quietLog.js'

const strip: readonly Chip[] = [17, 27, 22, 5].map((line) => ({
  device: `pwm_gpio@${line}`,
  channels: [0],
  line,
}))
const rgb = { 'Pin.Red': '17', 'Pin.Green': '27', 'Pin.Blue': '22' }

/** A light on chips, which takes commands one after the other. */
function light(parameters: Readonly<Record<string, string>> = {}, chips = strip) {
  const kernel = pwmChips(chips)
  const log = quietLog()
  const commands$ = new Subject<Command>()
  const options = GpioColorLed.options.parse({
    ...{ CommandSrc: 'strip', Path: kernel.root, ToggleDebounce: '0', ...rgb },
    ...parameters,
  })
  const operator = GpioColorLed.create(options, { section: 'Actuator0', log, advertisements$: NEVER })
  const state$ = commands$.pipe(operator)
  const say = (payload: string, source = 'strip') => commands$.next({ source, payload })
  return { ...kernel, log, say, state$, options }
}

/** What is said, and when it fails. */
function listen(state$: Observable<Reading>) {
  const said = journal<string>()
  const subscription = state$.subscribe({
    next: ({ destination, value }) => said.add(`${destination} ${value}`),
    error: (error: unknown) => said.add((error as Error).message),
  })
  onTestFinished(() => subscription.unsubscribe())
  return said
}

describe('GpioColorLED', () => {
  it.each<[command: string, state: string, shares: readonly number[]]>([
    ['0,100,100', '0,100,100', [100, 0, 0]],
    ['360,100,100', '360,100,100', [100, 0, 0]],
    ['120,100,50', '120,100,50', [0, 50, 0]],
    ['240,100,100', '240,100,100', [0, 0, 100]],
    ['60,100,100', '60,100,100', [100, 100, 0]],
    ['300, 50, 80', '300,50,80', [80, 40, 80]],
    ['200,0,70', '200,0,70', [70, 70, 70]],
    ['30.4,100,100', '30,100,100', [100, 50.67, 0]],
    ['90,80', '90,80,20', [12, 20, 4]],
    ['ON', '240,100,100', [0, 0, 100]],
    ['OFF', '240,100,0', [0, 0, 0]],
    ['0', '240,100,0', [0, 0, 0]],
    ['35', '240,100,35', [0, 0, 35]],
    ['100', '240,100,100', [0, 0, 100]],
  ])('becomes what %s says, and says so', async (command, state, shares) => {
    const { state$, say, share } = light({ 'InitialState.Blue': '20', InvertOut: 'NO' })
    const said = listen(state$)
    await said.until((text) => text === 'strip 240,100,20')
    expect([share(0), share(1), share(2)]).toEqual([0, 0, 20])
    say(command)
    await said.until((text) => text === `strip ${state}`)
    for (const [chip, expected] of shares.entries()) expect(share(chip)).toBeCloseTo(expected, 1)
  })

  it('keeps the colour on OFF, and toggles to 0 and back to the brightness that it had', async () => {
    const { state$, say } = light()
    const said = listen(state$)
    const states = [
      ['TOGGLE', '2,0,100'],
      ['120,100,40', '120,100,40'],
      ['TOGGLE', '120,100,0'],
      ['2021-10-24T16:23:41.500792', '120,100,40'],
      ['OFF', '120,100,0'],
      ['ON', '120,100,100'],
      ['15', '120,100,15'],
    ]
    await said.until((text) => text === 'strip 2,0,0')
    for (const [place, [command = '', state = '']] of states.entries()) {
      say(command)
      await said.until((text) => text === `strip ${state}`, place + 1)
    }
    expect(said.entries).toEqual(['strip 2,0,0', ...states.map(([, state]) => `strip ${state}`)])
  })

  it('says nothing of a command for what it is, and takes a toggle that comes twice once', async () => {
    const { state$, say } = light({ ToggleDebounce: '60' })
    const said = listen(state$)
    await said.until((text) => text === 'strip 2,0,0')
    for (const command of ['OFF', '0', '2,0,0', 'TOGGLE', 'TOGGLE']) say(command)
    await said.until((text) => text === 'strip 2,0,100')
    say('1')
    await said.until((text) => text === 'strip 2,0,1')
    expect(said.entries).toEqual(['strip 2,0,0', 'strip 2,0,100', 'strip 2,0,1'])
  })

  it.each([
    ...['NaN,0,100', '120,NaN,50', '361,100,100', '-1,0,0', '0,101,0', '0,0,100.5', '1,2,3,4', ',,', '101'],
    ...['-5', '', ' ', 'on', 'NULL', 'UNDEF', 'REFRESH', 'BOGUS\n', '0x10', '1e2', '#ff0000'],
  ])('warns of %j, once in a row, and stays what it is', async (bogus) => {
    const { state$, say, log } = light()
    const said = listen(state$)
    await said.until((text) => text === 'strip 2,0,0')
    say(bogus, 'somewhere else')
    for (const command of [bogus, bogus, '50']) say(command)
    await said.until((text) => text === 'strip 2,0,50')
    expect(said.entries).toHaveLength(2)
    expect(log.warn.mock.calls).toEqual([
      [
        `expected h,s,v (0 to 360, 0 to 100, 0 to 100), 0 to 100, ON, OFF, TOGGLE or a time on strip, got "${bogus.replace('\n', '\\n')}"`,
      ],
    ])
  })

  it('lights white alone where there is no colour, and colours alone where there is one', async () => {
    const { state$, say, share } = light({
      'Pin.White': '5',
      'InitialState.White': '30',
      'InitialState.Red': '90',
    })
    const said = listen(state$)
    const shares = () => [0, 1, 2, 3].map((chip) => share(chip))
    await said.until((text) => text === 'strip 2,0,30')
    expect(shares()).toEqual([0, 0, 0, 30])
    say('0,100,60')
    await said.until((text) => text === 'strip 0,100,60')
    expect(shares()).toEqual([60, 0, 0, 0])
  })

  it('says the brightness alone where it has one color', async () => {
    const pins = { 'Pin.Red': '0', 'Pin.Green': '0', 'Pin.Blue': '0', 'Pin.White': '5' }
    const { state$, say, share } = light({ ...pins, StateDest: 'strip/is' })
    const said = listen(state$)
    await said.until((text) => text === 'strip/is 0')
    say('ON')
    await said.until((text) => text === 'strip/is 100')
    expect(share(3)).toBe(100)
  })

  it.each([
    ['a common anode by itself', {}, 'inversed'],
    ['a common cathode with InvertOut = NO', { InvertOut: 'NO' }, 'normal'],
  ])('has the polarity of %s, and the period of PWM-Frequency', async (_, parameters, polarity) => {
    const { state$, read, share } = light({ ...parameters, 'InitialState.Red': '25', 'PWM-Frequency': '200' })
    await listen(state$).until((text) => text === 'strip 0,100,25')
    expect(read(0, 0, 'polarity')).toBe(polarity)
    expect(read(0, 0, 'period')).toBe('5000000')
    expect(read(0, 0, 'enable')).toBe('1')
    expect(share(0)).toBe(25)
  })

  it('changes on and off places where a chip has no polarity', async () => {
    const { state$, at, share } = light({ 'InitialState.Red': '25' })
    rmSync(join(at(0, 0), 'polarity'))
    await listen(state$).until((text) => text === 'strip 0,100,25')
    expect([share(0), share(1)]).toEqual([75, 0])
  })

  it('has all its channels off to change the frequency, and shortens what is on before a period that is shorter', async () => {
    const { state$, at } = light({ 'Pin.Red': '12', 'Pin.Green': '13', 'Pin.Blue': '0' }, [
      { device: 'fe20c000.pwm', channels: [0, 1] },
    ])
    const files = journal<string>()
    for (const channel of [0, 1]) {
      const folder = at(0, channel)
      for (const [file, value] of Object.entries({ period: 90_000_000, duty_cycle: 80_000_000, enable: 1 }))
        writeFileSync(join(folder, file), String(value))
      const watcher = watch(folder, (_, file) => {
        const entry = `${channel} ${file}`
        // An empty file is one that is being written.
        if (readFileSync(join(folder, file ?? ''), 'utf8') !== '' && files.entries.at(-1) !== entry)
          files.add(entry)
      })
      onTestFinished(() => watcher.close())
    }
    await listen(state$).until((text) => text === 'strip 2,0,0')
    await files.until((entry) => entry === '1 enable', 2)
    expect(files.entries).toEqual([
      ...['0 enable', '1 enable'],
      ...['0 duty_cycle', '0 period', '0 polarity', '1 duty_cycle', '1 period', '1 polarity'],
      ...['0 duty_cycle', '0 enable', '1 duty_cycle', '1 enable'],
    ])
  })

  it.each([
    ['leaves alone what is as it is to be', false],
    ['does not switch off a chip without polarity', true],
  ])('%s, so that a light does not blink at a restart', async (_, hasNoPolarity) => {
    const { state$, at, say } = light()
    if (hasNoPolarity) rmSync(join(at(0, 0), 'polarity'))
    await lastValueFrom(state$.pipe(take(1)), { defaultValue: undefined })
    const files = journal<string>()
    const watcher = watch(at(0, 0), (_, file) => files.add(file ?? ''))
    onTestFinished(() => watcher.close())
    const again = listen(state$)
    await again.until((text) => text === 'strip 2,0,0')
    say('40')
    await again.until((text) => text === 'strip 2,0,40')
    await files.until((file) => file === 'duty_cycle')
    expect(new Set(files.entries)).toEqual(new Set(['duty_cycle']))
  })

  const pin12 = { 'Pin.Red': '12', 'Pin.Green': '0', 'Pin.Blue': '0', 'InitialState.Red': '50' }
  it.each<[string, readonly Chip[], pin: string, chip: number, channel: number]>([
    ['a Pi 4', [{ device: 'fe20c000.pwm', channels: [0, 1] }], '13', 0, 1],
    ['a Pi 3', [{ device: '3f20c000.pwm', channels: [0, 1] }], '18', 0, 0],
    [
      'a Pi Zero, by the number on the header',
      [{ device: '20c000.pwm' }, { device: '2020c000.pwm', channels: [1] }],
      'BOARD 35',
      1,
      1,
    ],
    [
      'a Pi 5, not its fan',
      [
        { device: '1f0009c000.pwm', channels: [3] },
        { device: '1f00098000.pwm', channels: [2] },
      ],
      '18',
      1,
      2,
    ],
    [
      'any pin, by software, before that of the hardware',
      [
        { device: 'fe20c000.pwm', channels: [0] },
        { device: 'pwm_gpio@c', channels: [0], line: 12 },
      ],
      '12',
      1,
      0,
    ],
  ])('finds the channel on %s', async (_, chips, pin, chip, channel) => {
    const [number = '', PinNumbering = 'BCM'] = pin.split(' ').reverse()
    const { state$, share } = light({ ...pin12, 'Pin.Red': number, PinNumbering }, chips)
    await listen(state$).until((text) => text === 'strip 50')
    expect(share(chip, channel)).toBe(50)
  })

  it('asks the kernel for a channel that nobody has asked for, and waits for it', async () => {
    const { state$, root, addChannel, share } = light(pin12, [{ device: 'fe20c000.pwm' }])
    const watcher = watch(join(root, 'pwmchip0/export'), () => {
      const asked = readFileSync(join(root, 'pwmchip0/export'), 'utf8')
      if (asked !== '') addChannel(0, Number(asked))
      if (asked !== '') watcher.close()
    })
    await listen(state$).until((text) => text === 'strip 50')
    expect(share(0)).toBe(50)
  })

  it.each([
    ['17', 'add dtoverlay=pwm-gpio,gpio=17 to /boot/firmware/config.txt and reboot'],
    [
      '12',
      'add dtoverlay=pwm-gpio,gpio=12 to /boot/firmware/config.txt, or dtoverlay=pwm-2chan,pin=12,func=4,pin2=13,func2=4, and reboot',
    ],
    ['19', 'add dtoverlay=pwm-gpio,gpio=19 to /boot/firmware/config.txt, or dtoverlay=pwm-2chan, and reboot'],
  ])('says what to do where GPIO %s has no channel', async (pin, advice) => {
    const { state$ } = light({ ...pin12, 'Pin.Red': pin }, [{ device: '1f0009c000.pwm' }])
    const [error] = [await listen(state$).until(() => true)]
    expect(error).toBe(`expected a PWM channel of the kernel for GPIO ${pin}, got none: ${advice}`)
  })

  it('refuses two colours on one channel', async () => {
    const { state$ } = light({ ...pin12, 'Pin.Green': '18' }, [{ device: 'fe20c000.pwm', channels: [0] }])
    expect(await listen(state$).until(() => true)).toBe(
      'expected a PWM channel for GPIO 18 alone, got one that GPIO 12 has already: use another for one of them',
    )
  })

  it('refuses a pin that another light has, until that is gone', async () => {
    const { state$, root, share } = light()
    const other = light({ Path: root, 'InitialState.Blue': '20', 'Pin.Red': '0', 'Pin.Green': '0' })
    // Who is gone before it has begun holds nothing.
    other.state$.subscribe().unsubscribe()
    const first = state$.subscribe()
    onTestFinished(() => first.unsubscribe())
    await expect.poll(() => share(2)).toBe(0)
    expect(await listen(other.state$).until(() => true)).toBe(
      'expected a PWM channel for GPIO 22 alone, got one that another light has already: use another for one of them',
    )
    first.unsubscribe()
    expect(await listen(other.state$).until(() => true)).toBe('strip 20')
  })

  it('fails with one sentence while the chip is gone, takes commands again when it is back, and is as it was', async () => {
    const { state$, say, root, share } = light()
    const chip = join(root, 'pwmchip1')
    const said = listen(state$)
    await said.until((text) => text === 'strip 2,0,0')
    say('120,100,50')
    await said.until((text) => text === 'strip 120,100,50')
    renameSync(chip, `${chip}.gone`)
    say('90')
    const error = await said.until((text) => text.startsWith('expected'))
    expect(error).toMatch(/for GPIO 27, got none: add dtoverlay=pwm-gpio,gpio=27/)
    expect(await listen(state$).until(() => true)).toBe(error)
    renameSync(`${chip}.gone`, chip)
    expect(await listen(state$).until(() => true)).toBe('strip 120,100,90')
    expect(share(1)).toBe(90)
  })

  it('says which file the kernel does not take, and what may help', async () => {
    const { state$, at } = light()
    rmSync(join(at(2, 0), 'period'))
    mkdirSync(join(at(2, 0), 'period'))
    expect(await listen(state$).until(() => true)).toBe(
      'expected period of the PWM channel of GPIO 22 to take 10000000, got EISDIR: all channels of a chip may need one PWM-Frequency, and none may be too high for it',
    )
  })

  it.each([
    [{}, ['Pin.Red missing, one of these is required: Pin.Red, Pin.Green, Pin.Blue, Pin.White']],
    [
      { 'Pin.White': '0' },
      ['Pin.Red missing, one of these is required: Pin.Red, Pin.Green, Pin.Blue, Pin.White'],
    ],
    [{ 'Pin.Blue': '17', 'Pin.White': '17' }, ['Pin.White expected a pin of its own, got that of Blue']],
    [
      { 'Pin.Blue': '9', PinNumbering: 'BOARD' },
      [expect.stringMatching(/^Pin.Blue expected a GPIO pin of the header \(3, 5.*, got 9$/)],
    ],
    [{ 'Pin.Red': '4', 'InitialState.Red': '101' }, ['InitialState.Red expected a number from 0 to 100']],
  ])('is not to have %o', (parameters, faults) => {
    const { error } = GpioColorLed.options.safeParse({ CommandSrc: 'a', ...parameters })
    expect(error?.issues.map(({ path, message }) => `${path.join()} ${message}`)).toEqual(faults)
  })

  it('acts at a toggle that was retained, which is therefore not obeyed', () => {
    const { options } = light()
    const acts = (payload: string) => GpioColorLed.acts?.(options, { source: 'strip', payload })
    expect([acts('TOGGLE'), acts('120,100,50')]).toEqual([true, false])
  })
})
