import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { captureFiles } from '../captures/captureFiles.js'
import { chmodSync } from 'node:fs'
import { advertisement } from '../../src/testing/advertisement.js'
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

  const key = '231d39c1d7cc1ab1aee224cd096db932'
  const clock = { brand: 'Xiaomi', model: 'LYWSD03MMC', address: 'a4:c1:38:11:22:33' }
  const packets = [
    advertisement({ ...clock, temperature: 21.7, humidity: 48, key }),
    advertisement({ brand: 'Ruuvi', name: 'Ruuvi 2233', address: 'cb:b8:33:4c:88:4f', temperature: 21.705 }),
    advertisement({
      brand: 'BTHome',
      address: '54:48:e6:8f:80:a5',
      events: [
        { type: 'button', button: 0, action: 'press' },
        { type: 'button', button: 2, action: 'double_press' },
      ],
    }),
  ]
  const brands = () =>
    temporaryFile(
      'brands.jsonl',
      packets
        .map(({ address, data = Buffer.of() }) =>
          JSON.stringify({ address, rssi: -61, data: Buffer.from(data).toString('hex') }),
        )
        .join('\n'),
    )
  const keyless = { brand: 'Xiaomi', model: 'LYWSD03MMC', rssi: -61, ignored: true, encrypted: true }

  it('reads all brands, with the keys of those that encrypt', async () => {
    const file = temporaryFile('keys', `# of the clock\n\n A4-C1-38-11-22-33 = ${key.toUpperCase()} # v5\r\n`)
    const decode = program(['decode', brands(), '--keys', file])
    expect(await decode.exit).toBe(0)
    expect(decode.lines.map(parsed)).toEqual([
      { ...clock, rssi: -61, temperature_c: 21.7, humidity: 48 },
      {
        address: 'cb:b8:33:4c:88:4f',
        name: 'Ruuvi 2233',
        brand: 'Ruuvi',
        model: 'RuuviTag',
        rssi: -61,
        temperature_c: 21.705,
      },
      {
        address: '54:48:e6:8f:80:a5',
        brand: 'BTHome',
        model: 'BTHome',
        rssi: -61,
        events: [
          { type: 'button', button: 0, action: 'press' },
          { type: 'button', button: 2, action: 'double_press' },
        ],
      },
    ])
    expect(Object.keys(parsed(decode.lines[1] ?? '')).slice(0, 5)).toEqual([
      ...['address', 'name', 'brand', 'model', 'rssi'],
    ])
  })

  it.each([
    ['without keys', ''],
    ['with the key of another device', `54:48:e6:8f:80:a6 = ${key}`],
    ['with a wrong key', `a4:c1:38:11:22:33 = ${key.replace('2', '3')}`],
  ])('says what is encrypted %s', async (_, keys) => {
    const decode = program(['decode', brands(), '--keys', temporaryFile('keys', keys)])
    expect(await decode.exit).toBe(0)
    expect(parsed(decode.lines[0] ?? '')).toEqual({ address: clock.address, ...keyless })
  })

  it('refuses keys that are none, with each line and without a key, and warns of a file that everybody can read', async () => {
    const file = temporaryFile(
      'keys',
      [
        `a4:c1:38:11:22:33 = ${key}`,
        `A4C138112233 = ${key}`,
        `a4:c1:38:11:22:44 = ${key}0`,
        `A4:C1:38:11:22:33 = ${key.toUpperCase()}`,
        `${key} = a4:c1:38:11:22:55`,
        key,
      ].join('\n'),
    )
    const refused = program(['decode', brands(), '--keys', file])
    expect(await refused.exit).toBe(1)
    expect(refused.lines).toEqual([
      `${file}:2: error: expected a Bluetooth address such as A4:C1:38:11:22:33 in front of the =`,
      `${file}:3: error: expected a key of 32 hex digits, or 24 for older devices of Xiaomi, got 33 characters`,
      `${file}:4: error: the address of line 1 again: a device has one key`,
      `${file}:5: error: expected a key of 32 hex digits, or 24 for older devices of Xiaomi, got 17 characters`,
      `${file}:6: error: expected ADDRESS = KEY, or a comment behind #`,
    ])
    const open = temporaryFile('keys', `a4:c1:38:11:22:33 = ${key}`)
    chmodSync(open, 0o644)
    const warned = program(['decode', brands(), '--keys', open])
    expect(await warned.exit).toBe(0)
    expect(warned.lines).toContain(`${open}: everybody on this machine can read it: chmod o-r`)
    for (const line of [...refused.lines, ...warned.lines]) expect(line.toLowerCase()).not.toContain(key)
  })

  it('ends with 1 where the keys cannot be read', async () => {
    const decode = program(['decode', brands(), '--keys', '/'])
    expect(await decode.exit).toBe(1)
    expect(decode.lines).toEqual(['/: cannot read the keys: it is a folder'])
  })
})
