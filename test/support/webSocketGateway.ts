import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { pipeline } from 'node:stream'
import { onTestFinished } from 'vitest'
import { createWebSocketStream, WebSocketServer } from 'ws'

/**
 * Lets clients reach a broker by WebSockets on the path /mqtt, with TLS if there is a certificate: mosquitto's own listener for
 * them needs IPv6, which not every machine has.
 */
export async function webSocketGateway(port: number, tls?: { readonly cert: string; readonly key: string }) {
  const server = tls
    ? createTlsServer({ cert: readFileSync(tls.cert), key: readFileSync(tls.key) })
    : createServer()
  const webSockets = new WebSocketServer({
    server,
    path: '/mqtt',
    handleProtocols: (protocols) => (protocols.has('mqtt') ? 'mqtt' : false),
  })
  webSockets.on('connection', (webSocket) => {
    const broker = connect(port, '127.0.0.1')
    const stream = createWebSocketStream(webSocket)
    // Whichever ends or fails takes the other one along.
    pipeline(stream, broker, () => webSocket.terminate())
    pipeline(broker, stream, () => webSocket.terminate())
  })
  server.listen(0, '127.0.0.1')
  onTestFinished(() => {
    for (const client of webSockets.clients) client.terminate()
    server.close()
  })
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port }
}
