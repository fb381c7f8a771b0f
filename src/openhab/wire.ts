import { request as plainRequest, type RequestOptions, Agent as PlainAgent } from 'node:http'
import { Agent, request as secureRequest } from 'node:https'
import { Observable } from 'rxjs'

/** Where openHAB is, and how to talk to it. */
export interface WireOptions {
  readonly url: URL
  /** Sent with every request. */
  readonly token?: string | undefined
  /** PEM of the CA that signed its certificate. */
  readonly ca?: string | undefined
  /** Do not verify the host name in the certificate. */
  readonly insecure?: boolean | undefined
}

/** What openHAB's REST interface is asked; the edge of the program. */
export interface Wire {
  /** Sets the state of an Item; emits the status of the answer, and fails when there is none. */
  put(item: string, state: string): Observable<number>
  /** The events of some topics: emits `opened` when the stream is open, then the data of each event; fails when it ends. */
  events(topics: string): Observable<'opened' | { readonly data: string }>
}

/** An answer that is none of success. */
export class RefusedError extends Error {
  constructor(readonly status: number) {
    super(`HTTP ${status}`)
  }
}

/** How long an answer may take, ms. */
const patience = 10_000

/** More than any event of a house. */
const longestLine = 1_048_576

/** openHAB over HTTP: a connection is kept for all requests, and one for the events. Nothing begins before a subscription. */
export function httpWire({ url, token, ca, insecure = false }: WireOptions): Wire {
  const isSecure = url.protocol === 'https:'
  const agent = new (isSecure ? Agent : PlainAgent)({ keepAlive: true, maxSockets: 4 })
  const base: RequestOptions = {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (isSecure ? 443 : 80) : url.port,
    ...(isSecure && {
      ...(ca !== undefined && { ca }),
      ...(insecure && { checkServerIdentity: () => undefined }),
    }),
  }
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const path = url.pathname.replace(/\/$/, '')
  const send = (options: RequestOptions) => (isSecure ? secureRequest : plainRequest)({ ...base, ...options })

  return {
    put: (item, state) =>
      new Observable((subscriber) => {
        const body = Buffer.from(state)
        const headers = { ...authorization, 'content-type': 'text/plain', 'content-length': body.length }
        const signal = AbortSignal.timeout(patience)
        const asked = send({
          agent,
          method: 'PUT',
          path: `${path}/rest/items/${item}/state`,
          headers,
          signal,
        })
        asked.on('error', (error) =>
          subscriber.error(signal.aborted ? new Error(`no answer within ${patience / 1000} s`) : error),
        )
        asked.on('response', (answer) => {
          answer.on('error', () => undefined)
          answer.resume()
          answer.on('close', () => {
            subscriber.next(answer.statusCode ?? 0)
            subscriber.complete()
          })
        })
        asked.end(body)
        return () => asked.destroy()
      }),

    events: (topics) =>
      new Observable((subscriber) => {
        let isAnswered = false
        const headers = { ...authorization, accept: 'text/event-stream' }
        const asked = send({ agent: false, path: `${path}/rest/events?topics=${topics}`, headers })
        asked.setTimeout(patience, () => {
          if (!isAnswered) asked.destroy(new Error(`no answer within ${patience / 1000} s`))
        })
        asked.on('error', (error) => subscriber.error(error))
        asked.on('response', (answer) => {
          isAnswered = true
          if (answer.statusCode !== 200) {
            subscriber.error(new RefusedError(answer.statusCode ?? 0))
            return
          }
          subscriber.next('opened')
          let rest = ''
          answer.setEncoding('utf8')
          answer.on('data', (text: string) => {
            const lines = (rest + text).split(/\r\n|\n|\r/)
            rest = lines.pop() ?? ''
            for (const line of lines) {
              const data = /^data: ?(.*)$/.exec(line)?.[1]
              if (data !== undefined) subscriber.next({ data })
            }
            if (rest.length > longestLine) asked.destroy(new Error('an event is longer than a megabyte'))
          })
          answer.on('error', (error) => subscriber.error(error))
          answer.on('end', () => subscriber.error(new Error('openHAB has ended the stream of events')))
        })
        asked.end()
        return () => asked.destroy()
      }),
  }
}
