import { connect, type Socket } from 'node:net'
import { generate, type Packet } from 'mqtt-packet'
import { concatMap, delay, fromEvent, map, type Observable, of, type OperatorFunction, pipe, tap } from 'rxjs'
import { tcpServer } from '../support/tcpServer.js'
import { packetsOf } from './packetsOf.js'
import { type Direction, fine } from './weather.js'

/** Who sees what the client sends and what it gets. `link` counts the connections. */
export interface Tap {
  readonly sent: (packet: Packet, link: number) => void
  /** `isRead` tells, a little later, whether a client in this process has surely read it. */
  readonly received: (packet: Packet, link: number, isRead: Promise<boolean>) => void
}

/**
 * Stands between a client and its broker, and can do to their link what networks and brokers do: change its `weather` at any
 * time. With a tap it can tell packets apart, which takes a link that is not encrypted.
 */
export async function wire(port: number, onlooker?: Tap) {
  const weather = { ...fine }
  let links = 0

  const { port: own, sockets } = await tcpServer((client) => {
    if (weather.refuse) {
      client.destroy()
      return
    }
    const link = links++
    let dead = false
    const broker = connect(port, '127.0.0.1').setNoDelay()
    broker.on('error', () => undefined)
    // What has been written still arrives.
    broker.on('close', () => client.end())
    client.setNoDelay().on('close', () => {
      broker.destroy()
      // What is over must not be counted as memory that grows.
      sockets.entries.splice(sockets.entries.indexOf(client), 1)
    })

    /** Writes what arrives of bytes, and returns it. */
    const write = (bytes: Buffer, to: Socket, direction: Direction): Buffer => {
      dead ||= weather.swallow
      if (dead || to.destroyed) return Buffer.alloc(0)
      const corrupted = weather.corrupt(bytes, direction)
      const arriving = corrupted.subarray(0, weather.cutAfter?.(corrupted.length))
      to.write(arriving)
      if (weather.cutAfter) {
        weather.cutAfter = undefined
        dead = true
        broker.end()
        client.end()
      }
      return arriving
    }
    const carried = (to: Socket, direction: Direction): OperatorFunction<Buffer, Buffer> =>
      pipe(
        concatMap((bytes) => {
          const time = weather.latency + weather.perByte * bytes.length
          return time > 0 ? of(bytes).pipe(delay(time)) : of(bytes)
        }),
        map((bytes) => write(bytes, to, direction)),
      )
    const answered: OperatorFunction<Buffer, Buffer> = pipe(
      packetsOf(),
      concatMap((packet) => weather.answer(packet)),
      map((packet) => generate(packet)),
    )
    const up$ = fromEvent(client, 'data') as Observable<Buffer>
    const down$ = fromEvent(broker, 'data') as Observable<Buffer>
    up$.pipe(carried(broker, 'up')).subscribe()
    if (!onlooker) {
      down$.pipe(carried(client, 'down')).subscribe()
      return
    }
    const isRead = () => turns(3).then(() => !client.destroyed)
    const sent$ = up$.pipe(packetsOf())
    const received$ = down$.pipe(answered, carried(client, 'down'), packetsOf())
    sent$.pipe(tap((packet) => onlooker.sent(packet, link))).subscribe()
    received$.pipe(tap((packet) => onlooker.received(packet, link, isRead()))).subscribe()
  })
  return {
    port: own,
    weather,
    /** Fine weather again. */
    clear: () => Object.assign(weather, fine),
    /** Cuts all connections, as a killed process or a pulled plug would. */
    cut: () => {
      for (const socket of [...sockets.entries]) {
        // Node never closes the handle of a socket that is reset while it shuts down.
        if (socket.writable) socket.resetAndDestroy()
        else socket.destroy()
      }
    },
  }
}

export type Wire = Awaited<ReturnType<typeof wire>>

/** After three turns a client in this process has read what was written to it before. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate)
}
