import type { Socket } from 'node:net'
import { generate } from 'mqtt-packet'
import { tcpServer } from '../support/tcpServer.js'

/** What a broker that means harm sends without end once it has let somebody in, and whether it reads what it is sent. */
export interface Attack {
  readonly name: string
  /** Made for each link, and asked for the next bytes whenever its socket takes more. */
  readonly bytes: () => () => Buffer
  readonly reads?: boolean
}

/** A broker that lets everybody in and then attacks them. */
export const hostilePeer = ({ bytes, reads = false }: Attack) =>
  tcpServer((socket) => {
    socket.once('data', () => {
      socket.write(Buffer.from([0x20, 2, 0, 0]))
      if (!reads) socket.pause()
      flood(socket, bytes())
    })
  })

function flood(socket: Socket, bytes: () => Buffer): void {
  const more = () => {
    // One piece at a time: what the other side does not read is not to fill our own memory.
    if (!socket.destroyed) socket.write(bytes(), () => setImmediate(more))
  }
  more()
}

const repeated = (packet: Buffer) =>
  Buffer.concat(Array<Buffer>(Math.ceil(65_536 / packet.length)).fill(packet))

const endless = (packet: Buffer) => {
  const block = repeated(packet)
  return () => () => block
}

const message = (topic: string, qos: 0 | 1 | 2, payload: string | Buffer, messageId = 7) =>
  generate({ cmd: 'publish', topic, qos, payload, messageId, retain: false, dup: false })

/** Messages at QoS 2 that are never released, each with an id of its own. */
const unreleased = () => {
  let id = 0
  const payload = Buffer.alloc(60_000, 'x')
  return () => message('root/lamp', 2, payload, (id = (id % 65_535) + 1))
}

/** A message that begins and never ends. */
const immense = () => {
  let begun = false
  const topic = 'root/refresh'
  return () => {
    if (begun) return Buffer.alloc(65_536)
    begun = true
    return Buffer.concat([Buffer.from([0x30, 0xff, 0xff, 0xff, 0x5f, 0, topic.length]), Buffer.from(topic)])
  }
}

/** All that is tried. */
export const attacks: readonly Attack[] = [
  { name: 'a message of 200 MB', bytes: immense, reads: true },
  { name: 'QoS 1 without end', bytes: endless(message('root/lamp', 1, 'ON')) },
  { name: 'PUBREL without end', bytes: endless(Buffer.from([0x62, 2, 0, 1])) },
  { name: 'QoS 2 without PUBREL', bytes: unreleased, reads: true },
  { name: 'PUBREC without end', bytes: endless(Buffer.from([0x50, 2, 0, 1])) },
  { name: 'PUBACK without end', bytes: endless(Buffer.from([0x40, 2, 0, 1])) },
  { name: 'PINGRESP without end', bytes: endless(Buffer.from([0xd0, 0])), reads: true },
  { name: 'SUBACK without end', bytes: endless(Buffer.from([0x90, 3, 0, 1, 0])), reads: true },
  { name: 'refresh without end', bytes: endless(message('root/refresh', 0, '')), reads: true },
  { name: 'commands without end', bytes: endless(message('root/lamp', 0, 'ON')), reads: true },
  { name: 'QoS 1 of 60 kB without end', bytes: endless(message('root/lamp', 1, 'x'.repeat(60_000))) },
]
