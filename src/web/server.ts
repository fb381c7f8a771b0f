import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, isIPv6 } from 'node:net'
import {
  asyncScheduler,
  catchError,
  firstValueFrom,
  merge,
  NEVER,
  Observable,
  ReplaySubject,
  share,
  startWith,
  Subject,
  takeUntil,
  tap,
  timer,
} from 'rxjs'
import type { Metrics } from '../delivery/deliveries.js'
import type { Command, Logger } from '../model.js'
import type { HeardDevice, States } from '../plugin/surroundings.js'
import type { Book } from './book.js'
import { gate, isOurHost, isOurOrigin } from './gate.js'
import type { History } from './history.js'
import { bodyOf, pageFiles, Refused, send, sendFile, sendJson, sendText } from './http.js'
import { metricsText } from './metrics.js'
import { event, openPages } from './openPages.js'
import type { All } from './wire.js'

/** Where the page is, and who may see it. */
export interface ServerOptions {
  readonly host: string
  readonly port: number
  /** Begins and ends with `/`. */
  readonly basePath: string
  readonly password?: string | undefined
  readonly hostNames: readonly string[]
  readonly tls?: { readonly cert: string; readonly key: string } | undefined
}

/** What the page shows. */
export interface Site {
  readonly book: Book
  readonly history: History
  /** The newest of them. */
  readonly states$: Observable<States>
  /** What has become of readings, by the names of other connections. */
  readonly tallies: () => Readonly<Record<string, Metrics>>
  readonly commandSources$: Observable<readonly string[]>
  readonly heard$: Observable<readonly HeardDevice[]>
  /** What the commands come from; absent: from nowhere in particular, so everybody takes them. */
  readonly name?: string | undefined
}

/** Open pages, and what else is asked for. */
const connectionLimit = 200

/** Bytes of a request. */
const headerLimit = 8192

/** How long a request may take to arrive, ms. */
const requestPatience = 10_000

/** How long the radio is listened to for pages that show what it hears, after the last of them has asked, ms. */
const heardPatience = 15_000

/**
 * Serves the page while it is subscribed to, and emits what is commanded there. After `stop$` it says goodbye and completes when all
 * is closed. Fails with words when it cannot listen.
 */
export const serve = (
  options: ServerOptions,
  site: Site,
  stop$: Observable<unknown>,
  log: Logger,
): Observable<Command> =>
  new Observable((subscriber) => {
    let commands = 0
    let states: States = {}
    let commandSources: readonly string[] = []
    const { host, port, basePath, password, hostNames, tls } = options
    const door = gate(password, { port, path: basePath, secure: tls !== undefined }, log)
    const failed = (error: unknown) => subscriber.error(error)
    const events$ = new Subject<Buffer>()
    const ended$ = new Subject<void>()
    subscriber.add(() => ended$.next())
    // Listens to the radio while somebody asks what it hears.
    const heard$ = site.heard$.pipe(
      startWith([]),
      catchError((error: unknown) => {
        log.warn(`the radio cannot be listened to: ${String(error)}`)
        return NEVER
      }),
      takeUntil(ended$),
      share({
        connector: () => new ReplaySubject(1),
        resetOnComplete: false,
        resetOnRefCountZero: () => timer(heardPatience),
      }),
    )
    const all = (): All => ({
      now: asyncScheduler.now(),
      topics: site.book.topics(),
      happened: site.book.happened,
      states,
      commandSources,
      hasPassword: password !== undefined,
      step: site.history.step,
    })
    const pages = openPages({ all, news$: site.book.news$, events$, stop$: merge(stop$, ended$), failed })

    const command = async (request: IncomingMessage, response: ServerResponse) => {
      const { source, payload } = (await bodyOf(request)) as { source?: unknown; payload?: unknown }
      if (typeof source !== 'string' || typeof payload !== 'string')
        throw new Refused(400, 'Expected {"source": a topic, "payload": a text}.')
      if (!commandSources.includes(source)) throw new Refused(404, 'Nobody takes commands on this topic.')
      commands += 1
      subscriber.next({ source, payload, ...(site.name !== undefined && { from: site.name }) })
      sendJson(response, 202, { source, payload })
    }
    const signIn = async (request: IncomingMessage, response: ServerResponse) => {
      const { password: attempt } = (await bodyOf(request)) as { password?: unknown }
      if (typeof attempt !== 'string') throw new Refused(400, 'Expected {"password": a text}.')
      const entered = door.enter(request.socket.remoteAddress ?? '', attempt)
      if ('cookie' in entered) {
        send(response, 204, '', { 'Set-Cookie': entered.cookie })
        return
      }
      const seconds = Math.ceil(entered.wait / 1000)
      send(response, 403, `{"wait":${seconds}}`, { 'Retry-After': String(seconds) })
    }
    const health = (request: IncomingMessage, response: ServerResponse) => {
      const isOpen = door.isOpen(request)
      const faults = Object.entries(states).flatMap(([name, { text, ok }]) =>
        ok ? [] : [isOpen ? `${name}: ${text}` : `${name} is not well`],
      )
      sendText(
        response,
        faults.length > 0 ? 503 : 200,
        faults.length > 0 ? faults.join('\n') : 'All is well.',
      )
    }
    const metrics = async (request: IncomingMessage, response: ServerResponse) => {
      if (!door.isOpen(request) && !door.knows(request)) {
        send(response, 401, 'The password is needed here, with any user name.', {
          'WWW-Authenticate': 'Basic realm="sensor-reporter"',
        })
        return
      }
      const text = await metricsText(site.book, { commands, ...pages.counts() }, states, site.tallies())
      send(response, 200, text, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' })
    }

    const get = table({
      events: (_, response) => pages.open(response),
      history: (_, response, query) => {
        const since = asyncScheduler.now() - (Number(query.get('span')) || 3_600_000)
        // By their ids: a request has a limited length, and names may be long.
        const asked = new Set(query.getAll('id').map(Number))
        const topics = [...site.book.entries.values()].filter(({ id }) => asked.has(id))
        sendJson(
          response,
          200,
          topics.map(({ topic }) => site.history.points(topic, since)),
        )
      },
      heard: async (_, response) =>
        sendJson(response, 200, await firstValueFrom(heard$, { defaultValue: [] })),
    })
    const post = table({
      command,
      logout: (request, response) => {
        send(response, 204, '', { 'Set-Cookie': door.leave(request) })
      },
    })
    /** What may be had without the password. */
    const free = table({ health, metrics })

    const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const { method = '', url = '', headers } = request
      if (!isOurHost(headers.host, hostNames))
        throw new Refused(421, 'This program is not known by that name: HostNames tells it its names.')
      if (!URL.canParse(url, 'http://page')) throw new Refused(400, 'Expected a path.')
      const { pathname, searchParams } = new URL(url, 'http://page')
      if (`${pathname}/` === basePath) {
        send(response, 308, '', { Location: basePath })
        return
      }
      if (!pathname.startsWith(basePath)) throw new Refused(404, 'There is nothing here.')
      const path = pathname.slice(basePath.length)
      if (method === 'POST') {
        if (!isOurOrigin(request)) throw new Refused(403, 'This can be done on the page itself only.')
        if (path === 'login') await signIn(request, response)
        else if (!door.isOpen(request)) throw new Refused(401, 'The password is needed here.')
        else await (post.get(path) ?? nothing)(request, response, searchParams)
        return
      }
      if (method !== 'GET' && method !== 'HEAD') throw new Refused(405, 'Expected GET or POST.')
      const file = (await pageFiles()).get(path === '' ? 'index.html' : path)
      if (file) sendFile(request, response, file)
      else if (free.has(path)) await free.get(path)?.(request, response, searchParams)
      else if (!door.isOpen(request)) throw new Refused(401, 'The password is needed here.')
      else await (get.get(path) ?? nothing)(request, response, searchParams)
    }
    const limits = {
      maxHeaderSize: headerLimit,
      headersTimeout: requestPatience,
      requestTimeout: requestPatience,
      connectionsCheckingInterval: requestPatience / 2,
      keepAliveTimeout: 5000,
    }
    const listener = (request: IncomingMessage, response: ServerResponse) => {
      answer(request, response).catch((error: unknown) => {
        // Who has gone away is owed no answer, and that is no fault of ours.
        if (response.headersSent || response.destroyed) response.destroy()
        else if (error instanceof Refused) sendText(response, error.status, error.message)
        else {
          log.error(`the page could not be served: ${String(error)}`)
          sendText(response, 500, 'That went wrong; the log says why.')
        }
      })
    }
    const server: Server = tls
      ? createTlsServer({ ...limits, ...tls, minVersion: 'TLSv1.2' }, listener)
      : createServer(limits, listener)
    server.maxConnections = connectionLimit
    server.on('error', (error) => subscriber.error(new Error(inWords(error, options), { cause: error })))
    server.listen({ host, port }, () => {
      // While a name was looked up it may have been told to end.
      if (subscriber.closed) {
        server.close()
        return
      }
      const { port: listening } = server.address() as AddressInfo
      const name = isIPv6(host) ? `[${host}]` : host
      log.info(`the page is at http${tls ? 's' : ''}://${name}:${listening}${basePath}`)
    })

    const close = () => {
      const rest = asyncScheduler.schedule(() => server.closeAllConnections(), goodbyePatience)
      server.close(() => {
        rest.unsubscribe()
        subscriber.complete()
      })
      server.closeIdleConnections()
    }
    const follow = <Newest>(newest$: Observable<Newest>, name: string, take: (newest: Newest) => void) => {
      const tell = (newest: Newest) => events$.next(event(name, newest))
      subscriber.add(newest$.pipe(tap(take)).subscribe({ next: tell, error: failed }))
    }
    follow(site.states$, 'states', (newest) => (states = newest))
    follow(site.commandSources$, 'sources', (newest) => (commandSources = newest))
    subscriber.add(stop$.subscribe({ next: close, error: failed }))
    return () => {
      server.close()
      server.closeAllConnections()
    }
  })

/** How long (ms) pages may take to read the end. */
const goodbyePatience = 500

type Answer = (request: IncomingMessage, response: ServerResponse, query: URLSearchParams) => unknown

/** By the path below the page. No object: paths may be called as what all objects have. */
const table = (answers: Readonly<Record<string, Answer>>) => new Map(Object.entries(answers))

const nothing: Answer = () => {
  throw new Refused(404, 'There is nothing here.')
}

/** Why it cannot listen, and what mends it. */
function inWords({ code, message }: NodeJS.ErrnoException, { host, port }: ServerOptions): string {
  switch (code) {
    case 'EADDRINUSE':
      return `the page cannot be served: port ${port} is taken by another program, choose another Port`
    case 'EACCES':
      return `the page cannot be served: ports below 1024 are for root alone, choose another Port than ${port}`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `the page cannot be served: Host ${host} is no address of this machine`
    default:
      return `the page cannot be served: ${message}`
  }
}
