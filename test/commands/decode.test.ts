import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { captureFiles } from '../captures/captureFiles.js'
import { program, temporaryFile } from '../support/program.js'

const parsed = (line: string) => JSON.parse(line) as object
const reading = {
  at: '2001-09-09T01:46:40.000Z',
  address: 'a4:c1:38:11:22:33',
  name: 'GVH5075_2233',
  model: 'H5075',
  rssi: -61,
  temperature_c: 21.7,
  humidity: 50.2,
  battery: 100,
}
const event =
  '04 3e 2b 02 01 00 00 332211 38c1a4 1f 0201060d09475648353037355f32323333030388ec09ff88ec0003519e6400 c3'

describe('decode', () => {
  it.each(Object.entries(captureFiles))(
    'prints the readings in a file and on standard input: %s',
    async (_, file) => {
      const bytes = file([
        { at: 1e12, h4: event },
        { at: 1e12, h4: event.replace('c3', 'b0') },
      ])
      const named = program(['decode', temporaryFile('capture', bytes)])
      const piped = program(['decode'])
      piped.child.stdin.end(bytes)
      expect([await named.exit, await piped.exit]).toEqual([0, 0])
      expect(named.lines.map(parsed)).toEqual([reading, { ...reading, rssi: -80 }])
      expect(piped.lines).toEqual(named.lines)
    },
  )

  it('gives all that is in a file that was cut off, one line about it, and exit code 0', async () => {
    const bytes =
      captureFiles['btsnoop, H4']?.([
        { at: 1e12, h4: event },
        { at: 1e12, h4: event },
      ]) ?? Buffer.of()
    const decode = program(['decode', temporaryFile('capture.btsnoop', bytes.subarray(0, -1))])
    expect(await decode.exit).toBe(0)
    expect(decode.lines).toHaveLength(2)
    expect(decode.lines).toContainEqual(expect.stringMatching(/ends in the middle of a record, at byte 86/))
  })

  it('joins the packets of a device, and says what holds no reading', async () => {
    const [name, data] = [{ localName: 'GVH5100_2233' }, { manufacturerData: '01000101 03519e64' }]
    const lines = [name, data].map((fields) => JSON.stringify({ address: reading.address, ...fields }))
    const decode = program(['decode', temporaryFile('capture.jsonl', lines.join('\n'))])
    expect(await decode.exit).toBe(0)
    expect(decode.lines.map(parsed)).toMatchObject([
      { ignored: true },
      { model: 'H5100', temperature_c: 21.7 },
    ])
  })

  it('prints a name as it can be read back, and no byte of it that commands a terminal', async () => {
    const localName = 'GVH5075_\u009b2J\u202e\u{e0001}'
    const file = temporaryFile(
      'capture.jsonl',
      JSON.stringify({ address: reading.address, at: 1e300, localName }),
    )
    const decode = program(['decode', file])
    expect(await decode.exit).toBe(0)
    expect(decode.lines).toEqual([expect.stringMatching(/^[ -~]+$/)])
    expect(decode.lines.map(parsed)).toMatchObject([{ name: localName }])
    expect(decode.lines[0]).not.toContain('"at"')
  })

  it('answers a line of two bytes without waiting for more', async () => {
    const decode = program(['decode'])
    decode.child.stdin.write('x\n')
    await decode.until(/^line 1 is no advertisement/)
  })

  const events =
    '> HCI Event: LE Meta Event (0x3e) plen 43      #1 [hci0] 2.1\n      LE Advertising Report (0x02)\n'
  it.each([
    ['gzip', gzipSync('{}'), /: it is compressed with gzip: zcat it into decode -.*\.$/],
    ['zip', Buffer.from('504b03041400', 'hex'), /: it is a zip archive: unzip it/],
    ['btmon', `Bluetooth monitor ver 5.66\n${events}`, /that btmon prints: record with btmon -w FILE/],
    ['btmon, from the middle', `      Num reports: 1\n${events}`, /that btmon prints/],
    ['hcidump', `HCI sniffer - Bluetooth packet analyzer ver 5.66\n${events}`, /record with hcidump -w FILE/],
    ['hcidump -R', '> 04 3E 2B 02 01 00 00 33 22 11\n', /that hcidump prints/],
    [
      'no capture',
      'a diary\nof two lines\n',
      /^Nothing could be read: expected .* JSON Lines .*btmon -w FILE/,
    ],
  ])('ends with 1 and what to do where nothing can be read: %s', async (_, bytes, message) => {
    const decode = program(['decode', temporaryFile('capture', bytes)])
    expect(await decode.exit).toBe(1)
    expect(decode.lines.at(-1)).toMatch(message)
  })

  it('ends with 1 and what to do where a folder is named', async () => {
    const decode = program(['decode', '/'])
    expect(await decode.exit).toBe(1)
    expect(decode.lines).toEqual([
      expect.stringMatching(/^Cannot read the capture \/: EISDIR.* It is a folder: name a file in it\.$/),
    ])
  })
})
