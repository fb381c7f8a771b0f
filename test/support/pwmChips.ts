import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { kernelFiles } from './kernelFiles.js'

/** A PWM chip: what the kernel calls its device, which channels somebody has asked for already, and the GPIO that it is for. */
export interface Chip {
  readonly device: string
  readonly channels?: readonly number[]
  readonly line?: number
}

/** PWM chips as the kernel shows them below /sys/class/pwm, in a folder that goes with the test. */
export function pwmChips(chips: readonly Chip[]) {
  const { root } = kernelFiles({ devices: '' })
  const at = (chip: number, channel: number) => join(root, `pwmchip${chip}`, `pwm${channel}`)
  const addChannel = (chip: number, channel: number) => {
    mkdirSync(at(chip, channel))
    const fresh = { period: 0, duty_cycle: 0, enable: 0, polarity: 'normal' }
    for (const [file, value] of Object.entries(fresh))
      writeFileSync(join(at(chip, channel), file), `${value}\n`)
  }
  for (const [number, { device, channels = [], line }] of chips.entries()) {
    const [folder, node] = [join(root, `pwmchip${number}`), join(root, `device${number}`, device, 'of_node')]
    mkdirSync(folder)
    mkdirSync(node, { recursive: true })
    symlinkSync(join(node, '..'), join(folder, 'device'))
    writeFileSync(join(folder, 'export'), '')
    if (line !== undefined)
      writeFileSync(join(node, 'gpios'), Buffer.from([0, 0, 0, 7, 0, 0, 0, line, 0, 0, 0, 0]))
    for (const channel of channels) addChannel(number, channel)
  }
  const read = (chip: number, channel: number, file: string) =>
    readFileSync(join(at(chip, channel), file), 'utf8').trim()
  return {
    root,
    at,
    addChannel,
    read,
    /** Percent of the time. */
    share: (chip: number, channel = 0) =>
      (100 * Number(read(chip, channel, 'duty_cycle'))) / Number(read(chip, channel, 'period')),
  }
}
