import {
  catchError,
  defer,
  EMPTY,
  filter,
  from,
  ignoreElements,
  isObservable,
  map,
  merge,
  Observable,
  of,
  ReplaySubject,
  switchMap,
  tap,
} from 'rxjs'
import * as z from 'zod'
import type { Metrics } from '../delivery/deliveries.js'
import {
  checked,
  inCode,
  listInCode,
  logInCode,
  newestInCode,
  optionsInCode,
  wordsOfCode,
} from '../fields/codeOptions.js'
import { boolean, field, host, integer, name, names, path, pem, secret } from '../fields/fields.js'
import { destination } from '../fields/topicFields.js'
import type { Command, Connection, Logger } from '../model.js'
import { doubtfulCertificate, doubtfulKey, pairFaults, textIn } from '../plugin/certificates.js'
import { connectionPlugin } from '../plugin/plugin.js'
import type { HeardDevice, States } from '../plugin/surroundings.js'
import { openBook } from './book.js'
import { type History, keptIn, openHistory } from './history.js'
import type { Site } from './server.js'

/** Where the page is, who may see it, and what it remembers. */
export interface WebOptions {
  /** What readings for this connection are addressed to; `null` has it show all readings, and command every actuator. @default 'web' */
  readonly name?: string | null
  /** The address that it listens at. @default '127.0.0.1', for this machine alone */
  readonly host?: string
  /** Its port; 0 is any that is free. @default 8080 */
  readonly port?: number
  /** Has to be typed to see the page. @default none, which does only where `host` is this machine alone */
  readonly password?: string
  /** Other names by which browsers reach it, beside addresses and those of the machine. @default none */
  readonly hostNames?: readonly string[]
  /** Where it is below the address: `/sensors`. @default '/' */
  readonly basePath?: string
  /** To encrypt. @default not encrypted */
  readonly tls?: WebCertificate
  /** A file in which what was said survives a restart. @default none */
  readonly history?: string
  /** How long one point of the history stands for, ms; there are 1440. @default 60_000 */
  readonly historyStep?: number
  /** The topics on which actuators wait for commands. @default none */
  readonly commandSources?: readonly string[] | Observable<readonly string[]>
}

/** What a page shows of who it is. */
export interface WebCertificate {
  /** The certificate, PEM. */
  readonly cert: string
  /** Its private key, PEM. */
  readonly key: string
}

/** What else a page can show. */
export interface WebObserved {
  /** How other parts of the program are doing. */
  readonly states$?: Observable<States>
  /** What has become of readings, by the names of other connections. */
  readonly tallies?: () => Readonly<Record<string, Metrics>>
  /** What the radio hears. */
  readonly heard$?: Observable<readonly HeardDevice[]>
}

/**
 * A page that shows readings as they come, what they were before, and what the program and its radio are doing; switches and buttons on
 * it are commands. It is served while subscribed to, by this program alone: nothing is loaded from elsewhere. When the readings have
 * completed it says so to who looks, closes, and completes.
 *
 * ![marble diagram](../../marbles/web.svg)
 *
 * @throws TypeError that says what is wrong with the options, as for those of a file.
 * @throws Error that says why it cannot listen, such as a port that is taken.
 * @example
 * const page = webConnection({ port: 8080, commandSources: ['attic/fan'] })
 * report({ sensors: [of({ destination: 'attic/temp_c', value: 21.5 })], connections: [page] })
 * // At http://127.0.0.1:8080/ there is a card "attic" with 21.5, and a switch.
 */
export function webConnection(
  options: WebOptions = {},
  log: Logger = console,
  observed: WebObserved = {},
): Connection {
  const sound = checked('webConnection', inCodeOnly, options)
  const page = pageFor(sound, logInCode(log), observed)
  return (readings$) =>
    page(readings$).pipe(
      catchError((error: unknown) => {
        throw error instanceof Error ? new Error(wordsOfCode(error.message), { cause: error.cause }) : error
      }),
    )
}

/** The same, with options that were checked already. */
function pageFor(
  options: WebOptions,
  log: Logger,
  { states$ = of({}), tallies = () => ({}), heard$ = EMPTY }: WebObserved,
  history?: History,
): Connection {
  const { commandSources = [], host = '127.0.0.1', port = 8080, basePath = '/' } = options
  const { name = 'web', password, hostNames = [], tls } = options
  const site = {
    states$,
    tallies,
    heard$,
    commandSources$: isObservable(commandSources) ? commandSources : of(commandSources),
    name: name ?? undefined,
  }
  const server = { host, port, basePath: `${basePath.replace(/\/$/, '')}/`, password, hostNames, tls }
  return pageOver(
    (whole, stop$) =>
      // Late: who has no page pays nothing.
      from(import('./server.js')).pipe(
        switchMap(({ serve }) => serve(server, { ...site, ...whole }, stop$, log)),
      ),
    options,
    log,
    history,
  )
}

/** What a page shows of the readings. */
type Whole = Pick<Site, 'book' | 'history'>

/**
 * All of the connection but the server: which readings it shows, and what of them is remembered. The server emits commands, and completes
 * when everything is closed after `stop$`.
 */
export const pageOver =
  (
    serve: (whole: Whole, stop$: Observable<unknown>) => Observable<Command>,
    { name = 'web', history: file, historyStep }: Pick<WebOptions, 'name' | 'history' | 'historyStep'>,
    log: Logger,
    remembered?: History,
  ): Connection =>
  (readings$) =>
    defer(() => {
      const stop$ = new ReplaySubject<void>(1)
      const history = remembered ?? openHistory(historyStep)
      const book = openBook(history)
      const shown$ = readings$.pipe(
        filter(({ to }) => name === null || (to?.includes(name) ?? true)),
        tap(book.put),
        ignoreElements(),
        tap({ complete: () => stop$.next() }),
      )
      const kept$ = file === undefined ? EMPTY : keptIn(file, history, log, stop$)
      return merge(kept$, serve({ book, history }, stop$), shown$)
    })

/** Whether an address is of this machine alone. */
const isLoopback = (host: string) => /^(localhost|127(\.\d+){3}|::1)$/i.test(host)

const exposed = 'missing, it is required: others than this machine can reach Host'

const port = integer(0, 65_535)

const basePath = field('a path that begins with /, such as /sensors', (text) =>
  /^\/[\w./~-]*$/.test(text) && !text.includes('//') ? text : undefined,
)

const inCodeOnly = optionsInCode({
  name: inCode(name).nullable().optional(),
  host: inCode(host).optional(),
  port: inCode(port).optional(),
  password: inCode(secret).optional(),
  hostNames: listInCode(inCode(host)).optional(),
  basePath: inCode(basePath).optional(),
  tls: optionsInCode({ cert: inCode(pem), key: inCode(pem) }).optional(),
  history: inCode(path).optional(),
  historyStep: inCode(integer(1)).optional(),
  commandSources: newestInCode(listInCode(inCode(destination))).optional(),
}).superRefine((given, context) => {
  const { host = '127.0.0.1', password = '' } = given as WebOptions
  if (!isLoopback(host) && password === '')
    context.addIssue({ code: 'custom', path: ['password'], message: wordsOfCode(exposed) })
})

const schema = z.object({
  // What is wrong with a Name is said for all kinds of connections in one place; here it is only passed on.
  Name: name
    .catch('')
    .describe('what the Connection lists of sensors call it, unique in the file, such as web'),
  Host: host
    .prefault('127.0.0.1')
    .describe(
      'address that the page listens at: 127.0.0.1 for this machine alone, 0.0.0.0 for all that reach it',
    ),
  Port: integer(1, 65_535).prefault('8080').describe('its port'),
  Password: secret
    .optional()
    .describe(
      'has to be typed to see the page; required unless Host is this machine alone; it need not stand here: ${env:NAME}, ${file:PATH}',
    ),
  HostNames: names
    .optional()
    .describe(
      'names by which browsers reach it, with commas between them, beside addresses, localhost and the machine’s own',
    ),
  BasePath: basePath
    .prefault('/')
    .describe('path of the page, where a reverse proxy has it below another: /sensors'),
  TLS: boolean.prefault('NO').describe('whether to encrypt; needs Cert and Key'),
  Cert: path
    .meta({ warn: doubtfulCertificate })
    .optional()
    .describe('file with the certificate of the page, and with those that signed it'),
  Key: path
    .meta({ secret: false, warn: doubtfulKey })
    .optional()
    .describe('file with the private key of Cert, not encrypted and readable by this user only'),
  History: path
    .optional()
    .describe(
      'file in which the last day of all numbers is kept over a restart; without it only over a reload',
    ),
})

/** `[ConnectionN] Class = web.web_conn.WebConnection` */
export const WebConnection = connectionPlugin({
  summary: 'Shows readings on a web page, and takes commands there.',
  adapts: true,
  options: schema.superRefine(
    async (options: Partial<z.output<typeof schema>>, context) => {
      const { Host, Password = '', TLS, Cert, Key } = options
      const add = (parameter: string, message: string | undefined, cause?: 'machine') => {
        if (message !== undefined)
          context.addIssue({ code: 'custom', path: [parameter], message, params: { cause } })
      }
      if (Host !== undefined && !isLoopback(Host) && Password === '') add('Password', exposed)
      if (!TLS) return
      if (Cert === undefined) add('Cert', 'missing, it is required: TLS = YES needs a certificate')
      if (Key === undefined) add('Key', 'missing, it is required: TLS = YES needs the key of its certificate')
      const faults = await pairFaults({ Cert, Key })
      add('Cert', faults.Cert, 'machine')
      add('Key', faults.Key, 'machine')
    },
    // All problems are said at once: these do not wait until the others are mended.
    { when: () => true },
  ),
  files: ({ TLS, Cert, Key }) => (TLS ? [Cert, Key].filter((path) => path !== undefined) : []),
  create: (
    { Name, Host, Port, Password = '', HostNames, BasePath, TLS, Cert, Key, History },
    { log, states$, tallies, heard$, wiring$ = EMPTY, files = {}, keep = (make) => make() },
  ) =>
    pageFor(
      {
        name: Name,
        host: Host,
        port: Port,
        basePath: BasePath,
        commandSources: wiring$.pipe(map((wiring) => wiring.commandSources)),
        ...(Password !== '' && { password: Password }),
        ...(HostNames && { hostNames: HostNames }),
        ...(TLS && { tls: { cert: textIn(files, Cert ?? ''), key: textIn(files, Key ?? '') } }),
        ...(History !== undefined && { history: History }),
      },
      log,
      { ...(states$ && { states$ }), ...(tallies && { tallies }), ...(heard$ && { heard$ }) },
      keep(openHistory),
    ),
})
