import { reasonCode } from './reasonCode.js'

const refusals = new Set([
  ...['CONNACK_1', 'CONNACK_2', 'CONNACK_4', 'CONNACK_5'],
  ...['0x84', '0x85', '0x86', '0x87', '0x8A', '0x8C', '0x90', '0x9A', '0x9B', '0x9D'].map(
    (code) => `CONNACK_${code}`,
  ),
])

/**
 * Why a link to a broker ended. `code` is Node's (`ECONNREFUSED`, `CERT_HAS_EXPIRED`), or `CONNACK_n` (MQTT 3.1.1, table
 * 3.1; from MQTT 5 `CONNACK_0x87`), `DISCONNECT_0x8E`, `CONNACK_TIMEOUT`, `KEEPALIVE_TIMEOUT`, `PUBACK_TIMEOUT`, `WEBSOCKET`,
 * `MALFORMED`, `CLOSED`, or `CLOSED_EARLY` when CONNECT was never answered.
 */
export class LinkError extends Error {
  readonly code: string

  /** `cause` is undefined when the broker just closed the link; `lasted` counts ms from CONNACK, if one came. */
  constructor(
    override readonly cause: Error | undefined,
    readonly lasted: number | undefined,
  ) {
    const code = codeOf(cause, lasted !== undefined)
    super(`the link to the broker ended (${code})`)
    this.code = code
  }

  /** Whether the broker answered and does not want us: trying again soon will not help. */
  get refused(): boolean {
    return refusals.has(this.code)
  }
}

/** MQTT.js says some of its reasons by message only; the numbers are the return or reason codes of CONNACK. */
function codeOf(cause: (Error & { code?: unknown }) | undefined, connected: boolean): string {
  if (!cause) return connected ? 'CLOSED' : 'CLOSED_EARLY'
  if (typeof cause.code === 'string') return cause.code
  if (cause.message === 'connack timeout') return 'CONNACK_TIMEOUT'
  if (cause.message === 'Keepalive timeout') return 'KEEPALIVE_TIMEOUT'
  if (typeof cause.code === 'number' && cause.message.startsWith('Connection refused'))
    return `CONNACK_${cause.code < 128 ? cause.code : reasonCode(cause.code)}`
  return 'MALFORMED'
}
