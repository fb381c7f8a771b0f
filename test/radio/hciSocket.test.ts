import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { hciSockets } from '../../src/radio/hciSocket.js'

test('the Bluetooth sockets of a process are those that the kernel lists, by inode', () => {
  const process = mkdtempSync(join(tmpdir(), 'proc-'))
  onTestFinished(() => rmSync(process, { recursive: true }))
  mkdirSync(join(process, 'net'))
  mkdirSync(join(process, 'fd'))
  writeFileSync(
    join(process, 'net', 'hci'),
    [
      'sk               RefCnt Rmem   Wmem   User   Inode  Parent',
      '0000000000000000 2      0      0      0      81234  0     ',
      '0000000000000000 2      0      0      0      99999  0     ',
      '',
    ].join('\n'),
  )
  symlinkSync('socket:[81234]', join(process, 'fd', '21'))
  symlinkSync('socket:[81235]', join(process, 'fd', '22'))
  symlinkSync('/dev/null', join(process, 'fd', '1'))
  expect([...hciSockets(process)]).toEqual([['socket:[81234]', 21]])
})

test('where there is no Bluetooth there are no Bluetooth sockets', () => {
  expect(hciSockets('/nowhere').size).toBe(0)
})
