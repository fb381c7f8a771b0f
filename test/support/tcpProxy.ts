import { type Socket, connect } from 'node:net'
import { tcpServer } from './tcpServer.js'

/** Stands between a client and a broker, and can do to their link what networks do; every byte takes `latency` ms each way. */
export async function tcpProxy(port: number, latency = 0) {
  let swallowing = false
  let refusing = false
  const forward = (from: Socket, to: Socket) => {
    const pass = (act: () => void) => {
      if (latency > 0) setTimeout(act, latency)
      else act()
    }
    from.on('data', (bytes) => {
      if (!swallowing) pass(() => to.write(bytes))
    })
    from.on('close', () => pass(() => to.destroy()))
  }
  const { port: own, sockets } = await tcpServer((client) => {
    if (refusing) {
      client.destroy()
      return
    }
    const broker = connect(port, '127.0.0.1').on('error', () => undefined)
    forward(client, broker)
    forward(broker, client)
  })
  return {
    port: own,
    /** Lets every byte disappear, while the connections stay: a half-open link. */
    swallow: (on: boolean) => (swallowing = on),
    /** Closes every new connection at once. */
    refuse: (on: boolean) => (refusing = on),
    /** Cuts all connections, as a killed process or a pulled plug would. */
    cut: () => {
      for (const socket of sockets.entries) socket.resetAndDestroy()
    },
  }
}
