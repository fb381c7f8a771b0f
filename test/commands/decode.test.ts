import { describe, expect, it } from 'vitest'
import { captureFiles } from '../captures/captureFiles.js'
import { program, temporaryFile } from '../support/program.js'

const parsed = (line: string) => JSON.parse(line) as object
const reading = {
  address: 'a4:c1:38:11:22:33',
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

  it('ends with 3 and the reason when the capture cannot be read', async () => {
    const decode = program(['decode', '/'])
    expect(await decode.exit).toBe(3)
    expect(decode.lines).toEqual([expect.stringMatching(/^Cannot read the capture \/: EISDIR/)])
  })
})
