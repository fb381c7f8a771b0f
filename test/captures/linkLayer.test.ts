import { describe, expect, test } from 'vitest'
import { pcapFile, pcapngFile } from './captureFiles.js'
import { readAll } from './readAll.js'

const data = '0201060d09475648353037355f32323333030388ec09ff88ec0003519e6400'

/** A packet as on the air, from the access address to the CRC; `header` is its type with bit 6 for a random address. */
const packet = (header: string, payload = `33221138c1a4${data}`, access = 'd6be898e') =>
  `${access} ${header} ${(payload.length / 2).toString(16).padStart(2, '0')} ${payload} aabbcc`

const nordic = (version: '1' | '3', flags: string, rssi: string) =>
  (version === '1' ? '0d 06 38 01 2a00 06' : '0d 3800 03 2a00 02') + ` 0a ${flags} 25 ${rssi} 0000 00000000`

const read = async (link: number, hex: string) => {
  const { advertisements, lines } = await readAll(pcapFile({ little: true, link }, [{ at: 1e12, h4: hex }]))
  expect(lines).toEqual([])
  return advertisements
}

const heard = { at: 1e12, address: 'a4:c1:38:11:22:33', addressType: 'public', localName: 'GVH5075_2233' }

describe('what a sniffer took off the air', () => {
  test.each([
    ['251', 251, '', undefined],
    ['256, with signal power', 256, '25 c3 00 00 d6be898e 120c', -61],
    ['256, without, and an unchecked CRC', 256, '25 c3 00 00 00000000 0000', undefined],
    ['272, first version', 272, 'beef 06 2a00 0000 38 01 25 3d 0000 00000000', -61],
    ['272, version 1', 272, nordic('1', '01', '3d'), -61],
    ['272, version 3', 272, nordic('3', '01', '3d'), -61],
  ])('is read: link type %s', async (_, link, header, rssi) => {
    const [advertisement] = await read(link, `${header} ${packet('00')}`)
    expect(advertisement).toMatchObject({ ...heard, event: 'adv_ind' })
    expect(advertisement?.rssi).toBe(rssi)
    expect(Buffer.from(advertisement?.data ?? []).toString('hex')).toBe(data)
  })

  test.each([
    ['00', 'adv_ind', 'public'],
    ['42', 'adv_nonconn_ind', 'random'],
    ['04', 'scan_rsp', 'public'],
    ['46', 'adv_scan_ind', 'random'],
  ])('has the event and the kind of address of its header: %s', async (header, event, addressType) => {
    expect(await read(251, packet(header))).toMatchObject([{ event, addressType }])
  })

  test('has no data where it is directed', async () => {
    const [directed] = await read(251, packet('01', '33221138c1a4665544332211'))
    expect(directed).toMatchObject({ address: heard.address, event: 'adv_direct_ind' })
    expect(directed?.data).toHaveLength(0)
  })

  test.each([
    ['a request for a scan', 251, packet('03', '33221138c1a4665544332211')],
    ['a connection', 251, packet('00', undefined, '12345678')],
    ['cut off', 251, packet('00').slice(0, 60)],
    ['too short to have an address', 251, packet('00', '3322')],
    ['nothing', 251, ''],
    ['a wrong CRC', 256, `25 c3 00 00 d6be898e 0204 ${packet('00')}`],
    ['on a coded PHY', 256, `25 c3 00 00 d6be898e 1280 ${packet('00')}`],
    ['nothing behind the header', 256, '25 c3'],
    ['a wrong CRC', 272, `${nordic('3', '00', '3d')} ${packet('00')}`],
    ['a message of the sniffer', 272, '0d 0000 03 2a00 0e'],
  ])('is passed over: %s (link type %i)', async (_, link, hex) => {
    expect(await read(link, hex)).toEqual([])
  })

  test('is read from pcapng, too', async () => {
    const file = pcapngFile({ little: true, link: 251 }, [{ at: 1e12, h4: packet('00') }])
    expect((await readAll(file)).advertisements).toMatchObject([heard])
  })
})
