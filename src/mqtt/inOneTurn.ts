import type { Writable } from 'node:stream'

/** Writes packets to a stream so that what is written in one turn of the loop leaves together, in order with what others write. */
export function inOneTurn(stream: Pick<Writable, 'cork' | 'uncork' | 'write'>): (packet: Uint8Array) => void {
  let corked = false
  const uncork = () => {
    corked = false
    stream.uncork()
  }
  return (packet) => {
    if (!corked) {
      corked = true
      stream.cork()
      process.nextTick(uncork)
    }
    stream.write(packet)
  }
}
