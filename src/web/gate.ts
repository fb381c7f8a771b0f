import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { asyncScheduler } from 'rxjs'
import { remember } from '../memory.js'
import type { Logger } from '../model.js'

/** Who may look at the page, and command. */
export interface Gate {
  /** Whether a request has a session, or needs none. */
  readonly isOpen: (request: IncomingMessage) => boolean
  /** Lets somebody in who says the password: a cookie for the browser, or how long (ms) the next attempt has to wait. */
  readonly enter: (
    address: string,
    password: string,
  ) => { readonly cookie: string } | { readonly wait: number }
  /** Whether a request says the password itself, by basic authentication: Prometheus has no cookies. Slowed likewise. */
  readonly knows: (request: IncomingMessage) => boolean
  /** Ends the session of a request; the cookie that says so. */
  readonly leave: (request: IncomingMessage) => string
}

const sessionLimit = 1000
const addressLimit = 1000

/** How long a browser stays signed in, ms. */
const sessionLength = 30 * 86_400_000

/** The longest pause after a wrong password, ms. */
const longestPause = 60_000

/** Makes the gate of a page; without a password it is always open. Sessions are lost with it. */
export function gate(
  password: string | undefined,
  { port, path, secure }: { readonly port: number; readonly path: string; readonly secure: boolean },
  log: Pick<Logger, 'warn'>,
): Gate {
  const sessions = new Map<string, number>()
  const attempts = new Map<string, { failures: number; until: number }>()
  const name = `sensor_reporter_${port}`
  const cookie = (value: string, age: number) =>
    `${name}=${value}; Path=${path}; Max-Age=${age / 1000}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`
  const right = digest(password ?? '')
  const tokenOf = ({ headers }: IncomingMessage) =>
    new RegExp(`(?:^|; )${name}=([\\w-]+)`).exec(headers.cookie ?? '')?.[1] ?? ''

  /** How long (ms) the next attempt has to wait; 0 for the right password. */
  const pauseAfter = (address: string, attempt: string): number => {
    const who = whoIs(address)
    const now = asyncScheduler.now()
    const { failures, until } = attempts.get(who) ?? { failures: 0, until: 0 }
    // The right one waits as well: else who guesses would not have to.
    if (now < until) return until - now
    if (!timingSafeEqual(digest(attempt), right)) {
      const wait = Math.min(1000 * 2 ** failures, longestPause)
      remember(attempts, who, { failures: failures + 1, until: now + wait }, addressLimit)
      // Those that come too soon are not looked at, and fill no log.
      log.warn(`a wrong password from ${address}`)
      return wait
    }
    attempts.delete(who)
    return 0
  }
  const enter = (address: string, attempt: string): ReturnType<Gate['enter']> => {
    const wait = pauseAfter(address, attempt)
    if (wait > 0) return { wait }
    const token = randomBytes(32).toString('base64url')
    // Who reads the memory of the program has no cookie yet.
    remember(sessions, digest(token).toString('hex'), asyncScheduler.now() + sessionLength, sessionLimit)
    return { cookie: cookie(token, sessionLength) }
  }
  const sessionOf = (request: IncomingMessage) => digest(tokenOf(request)).toString('hex')
  return {
    enter,
    knows: ({ headers, socket }) => {
      const [, basic] = /^Basic (.+)$/.exec(headers.authorization ?? '') ?? []
      if (basic === undefined) return false
      const [, attempt = ''] = /^[^:]*:(.*)$/s.exec(Buffer.from(basic, 'base64').toString()) ?? []
      return pauseAfter(socket.remoteAddress ?? '', attempt) === 0
    },
    isOpen: (request) =>
      password === undefined || (sessions.get(sessionOf(request)) ?? 0) > asyncScheduler.now(),
    leave: (request) => {
      sessions.delete(sessionOf(request))
      return cookie('', 0)
    },
  }
}

/** Texts of any length become equally long, so that the time of a comparison tells nothing. */
const digest = (text: string) => createHash('sha256').update(text).digest()

/** Of IPv6 everybody has a whole network of addresses. */
const whoIs = (address: string) =>
  isIP(address) === 6 && !address.startsWith('::') ? address.split(':').slice(0, 4).join(':') : address

/**
 * Whether a Host header names this program: by an address, or by a name that it is known by. Somebody else's name may lead here,
 * too (DNS rebinding), and a page of theirs would then be taken for ours.
 */
export function isOurHost(header: string | undefined, names: readonly string[]): boolean {
  const host = /^(\[[\da-f:.]+\]|[^:]+)(:\d+)?$/i.exec(header ?? '')?.[1]?.toLowerCase() ?? ''
  if (isIP(host.replace(/^\[(.*)\]$/, '$1')) > 0) return true
  const machine = hostname().toLowerCase()
  const own = ['localhost', machine, `${machine}.local`, ...names.map((name) => name.toLowerCase())]
  return own.includes(host.replace(/\.$/, ''))
}

/** Whether a request that changes something comes from the page itself: browsers say where they were when it was made. */
export function isOurOrigin({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin'
  const { origin, host = '' } = headers
  if (origin === undefined) return false
  return origin.replace(/^https?:\/\//, '') === host
}
