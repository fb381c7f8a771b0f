import { once } from 'node:events'
import { type AddressInfo, type Socket, createServer } from 'node:net'
import { onTestFinished } from 'vitest'
import { journal } from './journal.js'

/** A server of the test on a free port of the loopback that does with each connection what the test likes. */
export async function tcpServer(serve: (socket: Socket) => void) {
  const sockets = journal<Socket>()
  const server = createServer((socket) => {
    // Flowing, or it would not notice its end.
    socket.on('error', () => undefined).resume()
    sockets.add(socket)
    serve(socket)
  }).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.close()
    for (const socket of sockets.entries) socket.destroy()
  })
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, sockets }
}
