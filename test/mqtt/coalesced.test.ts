import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { coalesced } from '../../src/mqtt/coalesced.js'

let server: Server
beforeAll(async () => {
  server = createServer((socket) => socket.setNoDelay().pipe(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => server.close())

const open = () => coalesced(connect((server.address() as AddressInfo).port, '127.0.0.1').setNoDelay())

/** What comes back of what is written in one turn. */
async function echo(socket: Socket, pieces: readonly (string | Uint8Array)[]): Promise<Buffer> {
  const expected = pieces.reduce((length, piece) => length + Buffer.byteLength(piece), 0)
  socket.cork()
  for (const piece of pieces) socket.write(piece)
  process.nextTick(() => socket.uncork())
  const parts: Buffer[] = []
  for (let length = 0; length < expected; length += parts.at(-1)?.length ?? 0) {
    const [part] = (await once(socket, 'data')) as [Buffer]
    parts.push(part)
  }
  return Buffer.concat(parts)
}

const bytes = (pieces: readonly (string | Uint8Array)[]) =>
  Buffer.concat(pieces.map((piece) => Buffer.from(piece as string)))

describe('a socket whose writes are coalesced', () => {
  it('sends the bytes of any pieces, texts in UTF-8, in their order', async () => {
    const socket = open()
    const piece = fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array())
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 20 }), async (pieces) => {
        expect(await echo(socket, pieces)).toEqual(bytes(pieces))
      }),
      { numRuns: 100 },
    )
    socket.destroy()
  })

  it('sends what was written before it was connected', async () => {
    const socket = open()
    expect(socket.connecting).toBe(true)
    expect(await echo(socket, ['before', new Uint8Array([0xff]), 'ü'])).toEqual(
      bytes(['before', new Uint8Array([0xff]), 'ü']),
    )
    socket.destroy()
  })

  it('hands over one turn of writes as one', async () => {
    const socket = open()
    await once(socket, 'connect')
    const handed: unknown[] = []
    const write = socket._write.bind(socket)
    socket._write = (chunk, encoding, done) => {
      handed.push(chunk)
      write(chunk, encoding, done)
    }
    await echo(socket, ['a', 'b', 'c', 'd'])
    expect(handed).toEqual([Buffer.from('abcd')])
    socket.destroy()
  })

  it('goes on after the other side was slow to read, nothing lost', async () => {
    const socket = open()
    const block = Buffer.alloc(2 ** 20, 'x')
    expect((await echo(socket, [block, 'and', block])).length).toBe(2 ** 21 + 3)
    socket.destroy()
  })
})
