import * as z from 'zod'
import { quoteText } from '../fields/problems.js'
import type { Logger } from '../model.js'
import {
  type Advertisement,
  advertisingEvents,
  type Content,
  normalUuid,
  parseAdvertisement,
} from '../radio/advertisement.js'
import type { CaptureWriter } from './writeCapture.js'

/**
 * The advertisements in a JSON Lines capture, in batches, one for each chunk. A line that is none is logged with its
 * number and skipped.
 *
 * @throws Error where it begins as the text of a program that can write captures.
 */
export async function* captureLines(
  chunks: AsyncIterable<Uint8Array | string>,
  log: Logger,
): AsyncGenerator<Iterable<Advertisement>, void> {
  let number = 0
  let anyRead = false
  function* parse(batch: readonly string[]) {
    for (const line of batch) {
      number += 1
      if (line.trim() === '') continue
      try {
        const advertisement = parseCaptureLine(line)
        anyRead = true
        yield advertisement
      } catch (error) {
        const [, program] = printed.find(([pattern]) => pattern.test(line)) ?? []
        if (program && !anyRead)
          throw new Error(
            `it is the text that ${program} prints: record with ${program} -w FILE, and read that FILE`,
          )
        log.warn(`line ${number} is no advertisement and is skipped: ${(error as Error).message}`)
      }
    }
  }
  for await (const batch of lines(chunks)) yield parse(batch)
}

/** Lines of programs that print what they hear, each as it begins. */
const printed = [
  [/^(?:HCI sniffer - |> (?:[\dA-F]{2} )+|device: hci)/, 'hcidump'],
  [/^(?:Bluetooth monitor ver|[<>=@] [A-Z].*[:#{])/, 'btmon'],
] as const

/**
 * Reads one line of a JSON Lines capture; what stands in both `data` and fields of its own is taken from `data`.
 *
 * @throws Error that says what was expected and what was got, fit for a log.
 * @example
 * const { address, manufacturerData } = parseCaptureLine(
 *   '{"address":"a4:c1:38:11:22:33","manufacturerData":"88ec0003519e6400"}',
 * )
 * address
 * // → 'a4:c1:38:11:22:33'
 */
export function parseCaptureLine(line: string): Advertisement {
  if (line.length > longestLine)
    throw new Error(`expected at most ${longestLine} characters, got a longer line`)
  const { data, ...said } = check(parseJson(line))
  const heard = parseAdvertisement(data ?? new Uint8Array())
  const localName = heard.localName ?? said.localName
  return {
    address: said.address,
    ...(said.addressType && { addressType: said.addressType }),
    ...(typeof said.rssi === 'number' && said.rssi !== 127 && { rssi: said.rssi }),
    ...(typeof said.at === 'number' && { at: said.at }),
    ...(said.event && { event: said.event }),
    ...(localName && { localName }),
    serviceUuids: heard.serviceUuids.length ? heard.serviceUuids : (said.serviceUuids ?? []),
    manufacturerData: heard.manufacturerData.length ? heard.manufacturerData : (said.manufacturerData ?? []),
    serviceData: heard.serviceData.length ? heard.serviceData : (said.serviceData ?? []),
    ...(data && { data }),
  }
}

/** Longest line in characters: a packet has at most 1650 bytes, so this is generous. */
const longestLine = 64 * 1024

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw new Error(`expected an advertisement as a JSON object, got ${quoteText(line)}`)
  }
}

function check(value: unknown) {
  const { data, error } = record.safeParse(value)
  if (data) return data
  const [issue] = error.issues
  const path = issue?.path ?? []
  const got = path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown>)[key], value)
  const field = path.length ? `${path.join('.')}: expected ${issue?.message ?? ''}` : 'expected a JSON object'
  throw new Error(`${field}, got ${got === undefined ? 'nothing' : quoteText(JSON.stringify(got))}`)
}

// The error texts complete "expected …".
const hexError = 'hex digits, two for each byte'

const hex = z
  .string(hexError)
  .overwrite((text) => text.replace(/\s/g, ''))
  .regex(/^(?:[0-9a-f]{2})*$/i, hexError)
  .transform((text): Uint8Array => Buffer.from(text, 'hex'))

const uuidError = 'a UUID of 4, 8 or 32 hex digits'

const uuid = z
  .string(uuidError)
  .overwrite(normalUuid)
  .regex(/^(?:[0-9a-f]{4}|[0-9a-f]{8}|[0-9a-f]{32})$/, uuidError)

const addressError = 'an address such as "a4:c1:38:11:22:33" (or a UUID, from macOS)'

const timeError = 'milliseconds since 1970, or an ISO time such as "2026-01-31T12:00:00Z"'

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d/

const record = z.object({
  address: z
    .string(addressError)
    .regex(/^[0-9a-f]{2}(?:(?:[:-]?[0-9a-f]{2}){5}|(?:-?[0-9a-f]{2}){15})$/i, addressError),
  addressType: z.enum(['public', 'random']).nullish().catch(null),
  rssi: z.int('a whole number of dBm, -127 to 127').gte(-127).lte(127).nullish(),
  at: z
    .union([z.number().gte(0), z.string().regex(isoTime).transform(Date.parse).pipe(z.number())], timeError)
    .nullish(),
  event: z.enum(advertisingEvents).nullish().catch(null),
  localName: z.string('text').nullish(),
  serviceUuids: z.array(uuid, 'a list of UUIDs').nullish(),
  manufacturerData: z
    .union([hex.transform((bytes) => [bytes]), z.array(hex)], 'a hex string or a list of them')
    .nullish(),
  serviceData: z.array(z.object({ uuid, data: hex }), 'a list of {"uuid", "data"}').nullish(),
  data: hex.nullish(),
})

/** JSON Lines, one advertisement a line: raw where its bytes are known, taken apart where the system hides them (macOS). */
export const lineWriter: CaptureWriter = {
  header: new Uint8Array(),
  record: ({ at, address, addressType, rssi, event, data, ...fields }) => {
    const content = data ? { data: inHex(data) } : known(fields)
    return `${JSON.stringify({ at, address, addressType, rssi, event, ...content })}\n`
  },
}

const known = ({ localName, serviceUuids, manufacturerData, serviceData }: Content) => ({
  localName,
  ...(serviceUuids.length > 0 && { serviceUuids }),
  ...(manufacturerData.length > 0 && { manufacturerData: manufacturerData.map(inHex) }),
  ...(serviceData.length > 0 && {
    serviceData: serviceData.map(({ uuid, data }) => ({ uuid, data: inHex(data) })),
  }),
})

const inHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/**
 * The lines of a byte stream in batches, one for each chunk, read only as they are asked for. UTF-8 with or without BOM;
 * what is no UTF-8 becomes U+FFFD. Line ends (LF) are left out; a last line without one counts.
 */
export async function* lines(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<string[], void> {
  const utf8 = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const text = typeof chunk === 'string' ? chunk : utf8.decode(chunk, { stream: true })
    const batch = (rest + text).split('\n')
    rest = (batch.pop() ?? '').slice(0, longestRest)
    yield batch
  }
  rest += utf8.decode()
  if (rest) yield [rest]
}

/** A line this long is cut here: whoever reads it sees that it is too long, and memory stays bounded. */
const longestRest = 128 * 1024
