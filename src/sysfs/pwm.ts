import { access, constants, readdir, readFile, readlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { firstValueFrom, timer } from 'rxjs'

/** A chip of PWM channels that the kernel shows. */
export interface PwmChip {
  readonly folder: string
  /** What the kernel calls its device: `fe20c000.pwm`, `1-0040`. */
  readonly device: string
  /** The GPIO that it drives, where the kernel does so by software (pwm-gpio, pwm-pio). */
  readonly line: number | undefined
}

/** Something on a PWM channel. */
export interface PwmOutput {
  /** What people call it: `GPIO 12`. */
  readonly name: string
  /** Its channel of a chip, if it has one there. */
  channelOf(chip: PwmChip): number | undefined
  /** What to do where no chip has one. */
  readonly advice: string
}

/** How channels are driven. */
export interface PwmOptions {
  /** Where the kernel shows PWM chips. */
  readonly root: string
  /** Hz */
  readonly frequency: number
  /** A share of 1 is LOW. */
  readonly invert: boolean
}

/** The channels that somebody drives, and what for: the kernel would let any number of them. */
const held = new Map<string, string>()

/**
 * Drives outputs by the PWM channels of the kernel: returns what sets the share of time, 0 to 1, that each is on. The channels are held
 * until the signal comes.
 */
export async function openPwm(
  outputs: readonly PwmOutput[],
  options: PwmOptions,
  released: AbortSignal,
): Promise<(shares: readonly number[]) => Promise<void>> {
  const chips = await chipsIn(options.root)
  const folders: string[] = []
  for (const output of outputs) {
    const { name } = output
    const [found] = chips.flatMap((chip) => {
      const number = output.channelOf(chip)
      return number === undefined ? [] : [{ chip, number }]
    })
    if (!found) throw missing(output)
    const folder = join(found.chip.folder, `pwm${found.number}`)
    hold(folder, name, released)
    await exportChannel(output, folder, found.chip, found.number)
    folders.push(folder)
  }
  const channels = outputs.map((output, place) => channelIn(output, folders[place] ?? '', options))
  // A chip with one frequency for all takes another only while none of them is on.
  for (const { stop } of channels) await stop()
  for (const { start } of channels) await start()
  return async (shares) => {
    for (const [place, { show }] of channels.entries()) await show(shares[place] ?? 0)
  }
}

function hold(folder: string, name: string, released: AbortSignal): void {
  released.throwIfAborted()
  const other = held.get(folder)
  if (other !== undefined)
    throw new Error(
      `expected a PWM channel for ${name} alone, got one that ${other === name ? 'another light' : other} has already: use another for one of them`,
    )
  held.set(folder, name)
  released.addEventListener('abort', () => held.delete(folder))
}

/** Those that drive one GPIO come first, since a channel of the others need not be led to its pin. */
async function chipsIn(root: string): Promise<PwmChip[]> {
  const names = (await readdir(root).catch(() => [])).filter((name) => /^pwmchip\d+$/.test(name))
  const chips: PwmChip[] = []
  for (const folder of names.sort().map((name) => join(root, name))) {
    // The device tree says phandle, pin and flags, four bytes each, big-endian.
    const gpios = await readFile(join(folder, 'device/of_node/gpios')).catch(() => undefined)
    const device = basename(await readlink(join(folder, 'device')).catch(() => ''))
    chips.push({ folder, device, line: gpios && gpios.length >= 8 ? gpios.readUInt32BE(4) : undefined })
  }
  return chips.sort((one, other) => Number(one.line === undefined) - Number(other.line === undefined))
}

const missing = ({ name, advice }: PwmOutput) =>
  new Error(`expected a PWM channel of the kernel for ${name}, got none: ${advice}`)

/** The rights of a channel come some moments after the channel itself: udev gives them. */
const [moment, moments] = [50, 20]

async function exportChannel(output: PwmOutput, folder: string, chip: PwmChip, number: number) {
  const can = (mode: number) =>
    access(join(folder, 'duty_cycle'), mode).then(
      () => true,
      () => false,
    )
  if (!(await can(constants.F_OK))) await write(output, chip.folder, 'export', number)
  for (let tries = 0; tries < moments && !(await can(constants.W_OK)); tries++)
    await firstValueFrom(timer(moment), { defaultValue: 0 })
}

/** A channel and its frequency. What is as it is to be stays, so a light does not blink. */
function channelIn(output: PwmOutput, folder: string, { frequency, invert }: PwmOptions) {
  const period = Math.round(1e9 / frequency)
  const set = (file: string, value: string | number) => write(output, folder, file, value)
  const get = async (file: string) => (await readFile(join(folder, file), 'utf8').catch(() => '')).trim()
  const isOtherwise = async () => Number(await get('period')) !== period
  let isOn = false
  let isTurned = false
  return {
    /** Switches it off, if it has another frequency. */
    stop: async () => {
      isOn = (await get('enable')) === '1'
      if (!isOn || !(await isOtherwise())) return
      await set('enable', 0)
      isOn = false
    },
    start: async () => {
      // No duty cycle may be longer than its period.
      if (Number(await get('duty_cycle')) > period) await set('duty_cycle', 0)
      if (await isOtherwise()) await set('period', period)
      const polarity = await get('polarity')
      if ((polarity === 'inversed') === invert) return
      // Some chips have no polarity: what is on and what is off changes places.
      isTurned = await set('polarity', invert ? 'inversed' : 'normal').then(
        () => false,
        () => true,
      )
    },
    show: async (share: number) => {
      await set('duty_cycle', Math.round(period * (isTurned ? 1 - share : share)))
      if (!isOn) await set('enable', 1)
      isOn = true
    },
  }
}

/** Writes a file of the kernel; says what to do where that cannot be. */
async function write(output: PwmOutput, folder: string, file: string, value: string | number) {
  try {
    // As the kernel has it, no file is made where there is none.
    await writeFile(join(folder, file), String(value), { flag: constants.O_WRONLY | constants.O_TRUNC })
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause)
    if (['ENOENT', 'ENODEV', 'ENXIO'].includes(code)) throw missing(output)
    const place = `${file} of the PWM channel of ${output.name}`
    throw new Error(`expected ${place} to take ${value}, got ${code}${adviceOn(code, file)}`, { cause })
  }
}

function adviceOn(code: string, file: string): string {
  if (code === 'EACCES' || code === 'EPERM') return ': add the user to the group gpio: sudo adduser USER gpio'
  if (code === 'EROFS')
    return ': the systemd service may not write there: sudo systemctl edit sensor-reporter, and there [Service] and ReadWritePaths=-/sys/devices/platform'
  if (code === 'EBUSY' && file === 'export')
    return ': something else uses it, such as a fan: end that, or use another'
  if (file === 'period' || file === 'enable')
    return ': all channels of a chip may need one PWM-Frequency, and none may be too high for it'
  return ''
}
