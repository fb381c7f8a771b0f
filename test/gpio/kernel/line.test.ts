import { closeSync, fstatSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Libc } from '../../../src/gpio/kernel/libc.js'
import { openLine } from '../../../src/gpio/kernel/line.js'
import { layout, requests } from '../../../src/gpio/kernel/uapi.js'
import { kernelFiles } from '../../support/kernelFiles.js'

const failure = (code: string) => Object.assign(new Error(code), { code })

/** Chips that are files with their label in it, and a kernel that does with them what the test says. */
function fakeKernel(labels: readonly string[], fault?: string) {
  const { root } = kernelFiles(Object.fromEntries(labels.map((label, n) => [`gpiochip${n}`, label])))
  const labelByInode = new Map(
    labels.map((label, n) => {
      const fd = openSync(join(root, `gpiochip${n}`), 'r')
      const { ino } = fstatSync(fd)
      closeSync(fd)
      return [ino, label] as const
    }),
  )
  const line = openSync(join(root, 'gpiochip0'), 'r')
  let level = false
  const calls: Libc = {
    ioctl: (fd, request, data) => {
      if (request === requests.chipInfo)
        data.write(labelByInode.get(fstatSync(fd).ino) ?? '', layout.chipInfo.label)
      else if (request === requests.lineInfo) data.write('gpiomon\x1b[2J', layout.lineInfo.consumer)
      else if (request === requests.line && fault !== undefined) throw failure(fault)
      else if (request === requests.line) {
        level = data.readUInt32LE(layout.lineRequest.attributeValue) === 1
        data.writeInt32LE(line, layout.lineRequest.fd)
      } else if (request === requests.getValues) data.writeBigUInt64LE(level ? 1n : 0n)
      else level = data.readBigUInt64LE() === 1n
    },
    setNonBlocking: (fd) => expect(fd).toBe(line),
    read: (fd, into) => {
      expect(fd).toBe(line)
      into.writeUInt32LE(1, layout.lineEvent.id)
      into.writeUInt32LE(9, layout.lineEvent.sequence)
      return layout.lineEvent.size
    },
  }
  return { calls, root }
}

describe('openLine', () => {
  it.each(['pinctrl-rp1', 'pinctrl-bcm2711', 'pinctrl-bcm2835'])(
    'finds the chip %s by its label',
    (label) => {
      const { calls, root } = fakeKernel(['raspberrypi-exp-gpio', label])
      const line = openLine(19, { level: true }, calls, root)
      expect(line.level()).toBe(true)
      line.set(false)
      expect(line.level()).toBe(false)
      expect(line.events()).toEqual([{ level: true, timestamp: 0n, sequence: 9 }])
      line.close()
    },
  )

  it('says who holds the line', () => {
    const { calls, root } = fakeKernel(['pinctrl-rp1'], 'EBUSY')
    expect(() => openLine(19, { level: true }, calls, root)).toThrow(
      'expected GPIO 19 to be free, but "gpiomon\\u{1b}[2J" holds it: end that, or choose another Pin',
    )
  })

  it('opens another chip by its name, and calls the line as people do', () => {
    const { calls, root } = fakeKernel(['pinctrl-rp1', '1-0027'])
    const relay = { name: 'gpiochip1', what: 'relay 3', parameter: 'Relay' }
    const line = openLine(6, { level: true }, calls, root, relay)
    expect(line.level()).toBe(true)
    line.close()
    const open = (fault: string) => () =>
      openLine(6, { level: true }, fakeKernel(['pinctrl-rp1', '1-0027'], fault).calls, root, relay)
    expect(open('EBUSY')).toThrow(
      'expected relay 3 to be free, but "gpiomon\\u{1b}[2J" holds it: end that, or choose another Relay',
    )
    expect(open('EREMOTEIO')).toThrow('relay 3 cannot be used (EREMOTEIO)')
    const gone = { ...relay, name: 'gpiochip2' }
    expect(() => openLine(6, { level: true }, calls, root, gone)).toThrow(
      /gpiochip2 cannot be opened: .*ENOENT/,
    )
  })

  it('says that the chip may not have the line', () => {
    const { calls, root } = fakeKernel(['pinctrl-rp1'], 'EINVAL')
    expect(() => openLine(99, { level: true }, calls, root)).toThrow('GPIO 99 cannot be used (EINVAL)')
  })

  it('says which chips there are when none is a Raspberry Pi’s', () => {
    const { calls, root } = fakeKernel(['INT34C5:00', 'gpio-sim.0'])
    expect(() => openLine(4, { level: true }, calls, root)).toThrow('got INT34C5:00, gpio-sim.0')
  })

  it('says that there is no GPIO at all', () => {
    const { root } = kernelFiles({ null: '' })
    const { calls } = fakeKernel(['pinctrl-rp1'])
    expect(() => openLine(4, { level: true }, calls, root)).toThrow('this machine shows no GPIO')
  })
})
