import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

/** Nothing is loaded from elsewhere, nothing runs that is not a file of the page, and nobody puts it into a frame. */
export const securityHeaders = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

/** Answers with a text of some type; `text/plain` unless a header says otherwise. */
export function send(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    ...securityHeaders,
    'Cache-Control': 'no-store',
    'Content-Type': 'text/plain; charset=utf-8',
    ...(status !== 204 && { 'Content-Length': Buffer.byteLength(body) }),
    ...headers,
  })
  // What a refused request still brings is not waited for.
  if (status >= 400 && !response.req.complete) response.once('finish', () => response.req.destroy())
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

/** Answers with a sentence. */
export const sendText = (response: ServerResponse, status: number, text: string): void =>
  send(response, status, `${text}\n`)

/** Answers with JSON. */
export const sendJson = (response: ServerResponse, status: number, value: unknown): void =>
  send(response, status, JSON.stringify(value), { 'Content-Type': 'application/json' })

/** A request that is not obeyed, and why. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

/** Bytes of what a request brings. */
const bodyLimit = 4096

/** The JSON that a request brings; fails with Refused where it is none, or too long. */
export async function bodyOf(request: IncomingMessage): Promise<object> {
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? ''))
    throw new Refused(415, 'Expected application/json.')
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > bodyLimit) throw new Refused(413, `Expected at most ${bodyLimit} bytes.`)
    chunks.push(chunk)
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString())
    if (typeof body === 'object' && body !== null) return body
  } catch {
    // It is none.
  }
  throw new Refused(400, 'Expected a JSON object.')
}

/** A file of the page. */
interface PageFile {
  readonly bytes: Buffer
  readonly zipped: Buffer
  readonly type: string
  readonly tag: string
}

/** Answers with a file of the page, or that the browser has it already. */
export function sendFile(
  { headers }: IncomingMessage,
  response: ServerResponse,
  { bytes, zipped, type, tag }: PageFile,
): void {
  const fixed = { ETag: tag, 'Cache-Control': 'no-cache', 'Content-Type': type, Vary: 'Accept-Encoding' }
  const isZipped = /\bgzip\b/.test(headers['accept-encoding'] ?? '')
  if (headers['if-none-match'] === tag) send(response, 304, '', fixed)
  else
    send(response, 200, isZipped ? zipped : bytes, {
      ...fixed,
      ...(isZipped && { 'Content-Encoding': 'gzip' }),
    })
}

/** Where the build puts them: as far from the sources as from the library and the program. */
const folder = new URL('../../dist/web/', import.meta.url)

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

let read: Promise<ReadonlyMap<string, PageFile>> | undefined

/** The files of the page, by name, read when the first of them is asked for. */
export const pageFiles = (): Promise<ReadonlyMap<string, PageFile>> =>
  (read ??= readAll().catch((error: unknown) => {
    read = undefined
    throw error
  }))

async function readAll() {
  const names = (await readdir(folder)).filter((name) => extname(name) in types)
  const files = names.map(async (name): Promise<[string, PageFile]> => {
    const bytes = await readFile(new URL(name, folder))
    const tag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 16)}"`
    return [name, { bytes, zipped: await promisify(gzip)(bytes), type: types[extname(name)] ?? '', tag }]
  })
  return new Map(await Promise.all(files))
}
