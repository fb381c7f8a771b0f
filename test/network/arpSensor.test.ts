import { readFileSync, writeFileSync } from 'node:fs'
import { tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { ArpSensor, arpSensor, isNeighbour } from '../../src/network/arpSensor.js'
import { allOf } from '../ble/allOf.js'
import { journal } from '../support/journal.js'
import { temporaryFile } from '../support/program.js'
import { quietLog } from '../support/quietLog.js'

const heading = 'IP address       HW type     Flags       HW address            Mask     Device'
const entry = (flags: string, mac: string) =>
  `192.168.1.7      0x1         ${flags}         ${mac}     *        wlan0`
const table = (...entries: string[]) => [heading, ...entries, ''].join('\n')

describe('isNeighbour', () => {
  it.each([
    ['finds an entry that was answered', table(entry('0x2', 'aa:bb:cc:dd:ee:ff')), true],
    ['finds one that an administrator made', table(entry('0x6', 'AA:BB:CC:DD:EE:FF')), true],
    ['takes an entry without an answer for none', table(entry('0x0', 'aa:bb:cc:dd:ee:ff')), false],
    ['knows one device from another', table(entry('0x2', 'aa:bb:cc:dd:ee:fe')), false],
    ['finds nothing in an empty table', '', false],
  ])('%s', (_, text, expected) => {
    expect(isNeighbour(text, 'aa:bb:cc:dd:ee:ff')).toBe(expected)
  })

  it.runIf(process.platform === 'linux')('reads the table of this kernel', () => {
    const text = readFileSync('/proc/net/arp', 'utf8')
    expect(text.split('\n')[0]?.trim()).toBe(heading)
    for (const mac of text.match(/([0-9a-f]{2}:){5}[0-9a-f]{2}/g) ?? [])
      expect(isNeighbour(text.replaceAll(/0x[0-9a-f]+(?= +[0-9a-f]{2}:)/g, '0x2'), mac)).toBe(true)
  })
})

describe('arpSensor', () => {
  it('says at once whether the device is there, and then each change', async () => {
    const here = table(entry('0x2', 'aa:bb:cc:dd:ee:ff'))
    const file = temporaryFile('arp', here)
    const said = journal<unknown>()
    const options = { mac: 'aa:bb:cc:dd:ee:ff', destination: 'phone', period: 5, table: file }
    const subscription = arpSensor(options, quietLog())
      .pipe(tap(({ destination, value }) => said.add(`${destination} ${String(value)}`)))
      .subscribe()
    await said.until((reading) => reading === 'phone ON')
    writeFileSync(file, table())
    await said.until((reading) => reading === 'phone OFF')
    writeFileSync(file, here)
    await said.until((reading) => reading === 'phone ON', 2)
    subscription.unsubscribe()
    expect(said.entries).toEqual(['phone ON', 'phone OFF', 'phone ON'])
  })

  it('fails when there is no table, so that somebody hears of it', async () => {
    const options = { mac: 'aa:bb:cc:dd:ee:ff', destination: 'phone', period: 5, table: '/nowhere/arp' }
    await expect(allOf(arpSensor(options, quietLog()))).rejects.toThrow('/nowhere/arp')
  })

  it('takes a MAC address in any spelling', () => {
    const parse = (MAC: string) =>
      ArpSensor.options.safeParse({ MAC, Poll: '10', Destination: 'phone' }).data?.MAC
    expect(parse('AA-BB-CC-DD-EE-FF')).toBe('aa:bb:cc:dd:ee:ff')
    expect(parse('aabbccddeeff')).toBeUndefined()
  })
})
