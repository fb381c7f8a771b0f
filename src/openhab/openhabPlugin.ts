import { EMPTY, map } from 'rxjs'
import * as z from 'zod'
import { boolean, field, name, number, path, secret } from '../fields/fields.js'
import { item } from '../fields/topicFields.js'
import { doubtfulCertificate, readCertificate } from '../plugin/certificates.js'
import { connectionPlugin } from '../plugin/plugin.js'
import { openhabConnection } from './openhab.js'
import { httpWire } from './wire.js'

const url = field('a URL such as http://openhab:8080 or https://openhab:8443', (given) => {
  const parsed = URL.canParse(given) ? new URL(given) : undefined
  return parsed && /^https?:$/.test(parsed.protocol) && parsed.username === '' ? parsed : undefined
})

const schema = z.object({
  // What is wrong with a Name is said for all kinds of connections in one place; here it is only passed on.
  Name: name.catch('').describe('what the Connection lists of sensors call it, unique in the file'),
  URL: url.describe('where openHAB is: http://openhab:8080, or https://openhab:8443'),
  RefreshItem: item.describe('a Switch in openHAB: any command on it has the latest states put again'),
  'openHAB-Version': number.prefault('2.0').describe('version of openHAB: 4.3'),
  'API-Token': secret
    .meta({ warn: unsentToken })
    .optional()
    .describe(
      'token, from openHAB 3 on, over https or within this machine only; need not stand here: ${file:PATH}',
    ),
  CAcert: path
    .meta({ warn: doubtfulCertificate })
    .optional()
    .describe('file with the certificate of the CA that signed openHAB’s, or with its own'),
  TLSinsecure: boolean
    .default(false)
    .describe('do not verify the host name in the certificate; that the CA signed it is still verified'),
})

type Texts = z.output<typeof schema>

const firstWithTokens = 3

/** A token that others could read on its way is not sent. */
const mayHaveToken = ({ protocol, hostname }: URL) =>
  protocol === 'https:' || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)

function unsentToken(_: string, beside: (name: string) => string | undefined): string | undefined {
  const address = url.safeParse(beside('URL')).data
  if (Number(beside('openHAB-Version') ?? '2.0') < firstWithTokens)
    return `it is not sent: openHAB has tokens from version ${firstWithTokens} on, say its openHAB-Version`
  return address && !mayHaveToken(address)
    ? 'it is not sent: others could read it on its way; write https in URL, or run both on one machine'
    : undefined
}

/** `Class = openhab_rest.rest_conn.OpenhabREST` */
export const OpenhabREST = connectionPlugin({
  summary: 'Sets the states of openHAB’s Items, and takes the commands on them.',
  options: schema.superRefine(
    async (options: Partial<Texts>, context) => {
      const { CAcert } = options
      if (CAcert === undefined) return
      await readCertificate(CAcert, "the CA's certificate").catch((error: unknown) =>
        context.addIssue({
          code: 'custom',
          path: ['CAcert'],
          message: (error as Error).message,
          params: { cause: 'machine' },
        }),
      )
    },
    { when: () => true },
  ),
  adapts: true,
  files: ({ CAcert }) => (CAcert === undefined ? [] : [CAcert]),
  create: (options, { log, tell, linked, wiring$ = EMPTY, files = {} }) => {
    const { Name, URL: address, RefreshItem, CAcert, TLSinsecure } = options
    const version = options['openHAB-Version']
    const wire = httpWire({
      url: address,
      ...(version >= firstWithTokens && mayHaveToken(address) && { token: options['API-Token'] }),
      ca: CAcert === undefined ? undefined : files[CAcert]?.toString(),
      insecure: TLSinsecure,
    })
    const commandSources$ = wiring$.pipe(map(({ commandSources }) => commandSources))
    return openhabConnection(wire, { name: Name, refreshItem: RefreshItem, version, commandSources$ }, log, {
      tell,
      linked,
    })
  },
})
