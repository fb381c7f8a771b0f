import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { advertisement } from '../../src/testing/advertisement.js'
import { readAll } from '../captures/readAll.js'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { program, temporaryFile } from '../support/program.js'
import { freezer, kitchen, kitchenMessages, seed } from '../support/seed.js'

const mayHaveBluetooth = process.platform !== 'linux' || existsSync('/sys/class/bluetooth')
const other = '{"address":"00:00:00:00:00:01","localName":"GoPro"}'
const nameless = '{"address":"a4:c1:38:11:22:33","rssi":-70,"event":"scan_rsp","data":"1aff4c00"}'
const capture = () => temporaryFile('capture.jsonl', [other, kitchen, nameless, other].join('\n'))
const beside = (file: string, name: string) => join(dirname(file), name)

describe('record', () => {
  it('writes the packets of Govee devices to standard output, those that say nothing of it included', async () => {
    const record = program(['record', '--replay', capture()])
    expect(await record.exit).toBe(0)
    const { advertisements } = await readAll(
      Buffer.from(record.lines.filter((line) => line.startsWith('{')).join('\n')),
    )
    expect(advertisements).toMatchObject([
      { localName: 'GVH5075_2233', rssi: -61 },
      { event: 'scan_rsp', rssi: -70 },
    ])
    expect(advertisements.every(({ at }) => at !== undefined)).toBe(true)
    expect(record.lines).toContainEqual(
      expect.stringContaining('recorded advertisements: 2, devices: 1, in standard output'),
    )
  })

  it('writes those of every brand that can be read', async () => {
    const { address, data = Buffer.of() } = advertisement({
      brand: 'BTHome',
      temperature: 21,
      key: '0f'.repeat(16),
    })
    const line = JSON.stringify({ address, data: Buffer.from(data).toString('hex') })
    const record = program(['record', '--replay', temporaryFile('capture.jsonl', [other, line].join('\n'))])
    expect(await record.exit).toBe(0)
    expect(record.lines.filter((each) => each.startsWith('{'))).toEqual([expect.stringContaining(address)])
  })

  it('writes those of everybody with --all', async () => {
    const record = program(['record', '--all', '--replay', capture()])
    expect(await record.exit).toBe(0)
    expect(record.lines.filter((line) => line.startsWith('{'))).toHaveLength(4)
  })

  it.each(['new.jsonl', 'new.btsnoop'])(
    'writes a file in the format of its name (%s) that can be read again',
    async (name) => {
      const source = capture()
      const target = beside(source, name)
      expect(await program(['record', target, '--replay', source]).exit).toBe(0)
      expect(readFileSync(target, 'latin1').startsWith('btsnoop\0')).toBe(name.endsWith('btsnoop'))
      const { advertisements, lines } = await readAll(readFileSync(target))
      expect(advertisements).toMatchObject([{ localName: 'GVH5075_2233', rssi: -61 }, { rssi: -70 }])
      expect(lines).toEqual([])
    },
  )

  it('says once that btsnoop cannot hold the addresses that macOS shows', async () => {
    const source = temporaryFile(
      'mac.jsonl',
      `${kitchen.replace('a4:c1:38:11:22:33', 'a4'.repeat(16))}\n`.repeat(2),
    )
    const record = program(['record', beside(source, 'new.btsnoop'), '--replay', source])
    expect(await record.exit).toBe(0)
    expect(record.lines.filter((line) => line.includes('left out'))).toHaveLength(1)
  })

  it('leaves a recording alone that is there already, unless told to replace it', async () => {
    const target = temporaryFile('old.jsonl', 'precious')
    const refused = program(['record', target, '--replay', capture()])
    expect(await refused.exit).toBe(2)
    expect(refused.lines).toEqual([
      expect.stringMatching(/old\.jsonl exists already: choose another name, or --force/),
    ])
    expect(readFileSync(target, 'utf8')).toBe('precious')
    expect(await program(['record', target, '--force', '--replay', capture()]).exit).toBe(0)
    expect(readFileSync(target, 'utf8')).toMatch(/^\{"at":/)
  })

  it('says why a file cannot be made', async () => {
    const record = program(['record', '/nowhere/capture.jsonl', '--replay', capture()])
    expect(await record.exit).toBe(2)
    expect(record.lines).toEqual([
      '/nowhere/capture.jsonl cannot be written (ENOENT): check the path and its permissions.',
    ])
  })

  it.skipIf(!existsSync('/dev/full'))('says that the disk is full, and ends with 3', async () => {
    const record = program(['record', '/dev/full', '--replay', capture()])
    expect(await record.exit).toBe(3)
    expect(record.lines).toContainEqual('/dev/full cannot be written to the end (ENOSPC): is the disk full?')
  })

  it('has written what it heard when it is killed', async () => {
    const target = beside(temporaryFile('x', ''), 'capture.btsnoop')
    const record = program(['record', target, '--replay', '-'])
    record.say(kitchen)
    await expect.poll(() => statSync(target).size, { timeout: 20_000 }).toBeGreaterThan(16)
    record.child.kill('SIGKILL')
    await record.exit
    expect((await readAll(readFileSync(target))).advertisements).toMatchObject([
      { localName: 'GVH5075_2233' },
    ])
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('ends with 0 and a whole file on %s', async (signal) => {
    const target = beside(temporaryFile('x', ''), 'capture.jsonl')
    const record = program(['record', target, '--replay', '-'])
    record.say(kitchen)
    await expect.poll(() => statSync(target).size, { timeout: 20_000 }).toBeGreaterThan(0)
    record.child.kill(signal)
    expect(await record.exit).toBe(0)
    expect((await readAll(readFileSync(target))).advertisements).toHaveLength(1)
  })

  it.skipIf(mayHaveBluetooth)(
    'says what is missing where there is no Bluetooth, and goes on until it is told to end',
    async () => {
      const record = program(['record'])
      await record.until(/Bluetooth/)
      record.child.kill('SIGINT')
      expect(await record.exit).toBe(0)
    },
  )

  it.skipIf(mosquittoMissing)('feeds a daemon through a pipe', async () => {
    const broker = await mosquitto()
    await broker.start()
    const { until } = await listener(broker.port)
    const record = program(['record', '-', '--replay', '-'])
    const daemon = program(['run', temporaryFile('seed.ini', seed(broker.port)), '--replay', '-'])
    record.child.stdout.pipe(daemon.child.stdin)
    await until('sensor_reporter/status ONLINE')
    record.say(kitchen)
    await until(kitchenMessages.at(-1) ?? '')
    record.say(freezer)
    await until('sensor_reporter/govee/GVH5075_2233/temp_c -7.3')
  })
})
