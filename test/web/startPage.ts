import { once } from 'node:events'
import { type IncomingMessage, request, type RequestOptions } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { Subject, type Subscription } from 'rxjs'
import { expect, onTestFinished, vi } from 'vitest'
import type { Command, Reading } from '../../src/model.js'
import { webConnection, type WebObserved, type WebOptions } from '../../src/web/webConnection.js'
import { quietLog } from '../support/quietLog.js'

/** A page on a free port: what it is told, what it commands, and its address. */
export async function startPage(options: WebOptions = {}, observed: WebObserved = {}) {
  const log = quietLog()
  const readings$ = new Subject<Reading>()
  const commands: Command[] = []
  const ended = vi.fn()
  const page: Subscription = webConnection(
    { port: 0, ...options },
    log,
    observed,
  )(readings$).subscribe({
    next: (command) => commands.push(command),
    complete: ended,
    error: ended,
  })
  onTestFinished(() => page.unsubscribe())
  await vi.waitFor(() => expect(log.info).toHaveBeenCalled())
  const [, url = '', port = ''] =
    /(https?:\/\/\S+:(\d+)\/\S*)/.exec(String(log.info.mock.calls[0]?.[0])) ?? []
  return { url, port: Number(port), readings$, commands, log, page, ended }
}

/** What came back. */
export interface Answered {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
}

/** Asks as a browser would, or as nobody should: `fetch` would not let us. */
export async function ask(
  url: string,
  { body, ...options }: RequestOptions & { readonly body?: string; readonly ca?: string } = {},
): Promise<Answered> {
  const asking = (url.startsWith('https') ? tlsRequest : request)(url, { agent: false, ...options })
  asking.end(body)
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text: Buffer.concat(chunks).toString(),
  }
}

/** What the page itself sends when something is done on it. */
export const posted = (body: object, headers: Readonly<Record<string, string>> = {}) => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin', ...headers },
  body: JSON.stringify(body),
})

/** The events of a page that is open, as they come: their names and what they say. */
export async function openPage(url: string, headers: Readonly<Record<string, string>> = {}) {
  const asking = request(`${url}events`, { agent: false, headers })
  asking.on('error', () => undefined)
  onTestFinished(() => void asking.destroy())
  asking.end()
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  const events: { readonly name: string; readonly data: unknown }[] = []
  let rest = ''
  response.setEncoding('utf8')
  response.on('data', (text: string) => {
    const frames = (rest + text).split('\n\n')
    rest = frames.pop() ?? ''
    for (const frame of frames) {
      const [, name = '', data = ''] = /event: (\w+)\ndata: (.*)$/s.exec(frame) ?? []
      events.push({ name, data: JSON.parse(data) as unknown })
    }
  })
  response.on('error', () => undefined)
  const named = (name: string) => events.filter((event) => event.name === name).map(({ data }) => data)
  return { events, named, response, status: response.statusCode }
}
