import { type Packet, generate, parser } from 'mqtt-packet'
import { journal } from '../support/journal.js'
import { tcpServer } from '../support/tcpServer.js'

/**
 * A broker that speaks MQTT 5 and answers each packet with what the script says: for what a real one cannot be brought to.
 * `received` holds all that came in.
 */
export async function scriptedBroker(script: (packet: Packet) => readonly Packet[]) {
  const received = journal<Packet>()
  const { port, sockets } = await tcpServer((socket) => {
    const packets = parser({ protocolVersion: 5 })
    packets.on('packet', (packet: Packet) => {
      received.add(packet)
      for (const answer of script(packet)) socket.write(generate(answer, { protocolVersion: 5 }))
    })
    socket.on('data', (bytes: Buffer) => packets.parse(bytes))
  })
  const publishes = () => received.entries.filter((packet) => packet.cmd === 'publish')
  return { port, sockets, received, publishes }
}
