import type { Socket } from 'node:net'

type Pieces = readonly { readonly chunk: string | Uint8Array; readonly encoding: BufferEncoding }[]

/**
 * Makes a socket send what is written in one turn as one buffer. MQTT.js writes a message as five pieces, and to hand over each
 * by itself costs as much as all the rest of sending it.
 */
export function coalesced<S extends Socket>(socket: S): S {
  // `buffer` is Node's word for bytes that need no encoding, which its types do not know.
  socket._writev = (pieces, done) => socket._write(joined(pieces), 'buffer' as BufferEncoding, done)
  return socket
}

function joined(pieces: Pieces): Buffer {
  let size = 0
  // UTF-16 becomes at most three bytes a unit; to ask for the exact size would cost more.
  for (const { chunk } of pieces) size += typeof chunk === 'string' ? 3 * chunk.length : chunk.length
  const buffer = Buffer.allocUnsafe(size)
  let end = 0
  for (const { chunk, encoding } of pieces) {
    if (typeof chunk === 'string') end += buffer.write(chunk, end, encoding)
    else for (const byte of chunk) buffer[end++] = byte
  }
  return buffer.subarray(0, end)
}
