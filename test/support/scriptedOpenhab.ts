import { createServer, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { journal } from './journal.js'

/** What an openHAB is told to answer to the PUTs on an Item: its status, and after how many ms. */
export interface Script {
  readonly status?: number
  readonly after?: number
  /** It never answers. */
  readonly hangs?: true
}

/** An openHAB with its REST interface and its stream of events, as far as it is used here. It ends with the test. */
export async function scriptedOpenhab(script: (item: string) => Script = () => ({}), token?: string) {
  const puts = journal<string>()
  const streams = journal<string>()
  const open = new Set<ServerResponse>()
  let most = 0
  let underWay = 0
  let port = 0

  const serve = () => {
    const server = createServer((asked, answer) => {
      if (token !== undefined && asked.headers.authorization !== `Bearer ${token}`) {
        answer.writeHead(401).end()
        return
      }
      if (asked.url?.startsWith('/rest/events')) {
        answer.writeHead(200, { 'content-type': 'text/event-stream' })
        answer.flushHeaders()
        open.add(answer)
        answer.on('close', () => open.delete(answer))
        streams.add(asked.url)
        return
      }
      const item = /^\/rest\/items\/(\w+)\/state$/.exec(asked.url ?? '')?.[1] ?? ''
      const chunks: Buffer[] = []
      asked.on('data', (chunk: Buffer) => chunks.push(chunk))
      asked.on('end', () => {
        underWay += 1
        most = Math.max(most, underWay)
        const { status = 202, after = 0, hangs } = script(item)
        const isPlain = asked.headers['content-type'] === 'text/plain'
        puts.add(`${asked.method ?? ''} ${item} ${Buffer.concat(chunks).toString()}`)
        if (!hangs)
          setTimeout(() => {
            underWay -= 1
            answer.writeHead(isPlain ? status : 415).end()
          }, after)
      })
    })
    return server
  }
  let server = serve()
  const start = async () => {
    server = serve().listen(port, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  }
  const stop = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  await start()
  onTestFinished(stop)
  const say = (event: object) => {
    for (const stream of open) stream.write(`event: message\ndata: ${JSON.stringify(event)}\n\n`)
  }
  return {
    url: `http://127.0.0.1:${port}`,
    puts,
    streams,
    start,
    stop,
    /** How many PUTs were under way at a time. */
    most: () => most,
    say,
    command: (item: string, value: string, root = 'openhab') =>
      say({
        type: 'ItemCommandEvent',
        topic: `${root}/items/${item}/command`,
        payload: JSON.stringify({ type: 'OnOff', value }),
      }),
    /** Text that is no event. */
    garbage: (text: string) => {
      for (const stream of open) stream.write(text)
    },
    endStreams: () => {
      for (const stream of open) stream.end()
    },
  }
}
