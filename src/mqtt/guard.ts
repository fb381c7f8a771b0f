import { Duplex } from 'node:stream'
import { quoteText } from '../fields/problems.js'

/** No command is longer, bytes: what is may be an attack, and commands wait in queues. */
export const longestCommand = 65_536

/** What a packet may have beside a command, for its topic and its properties. */
const besides = 4096

/** Bytes of the longest packet that a broker may send us; one that speaks MQTT 5 is told so. */
export const longestPacket = longestCommand + besides

/** What is passed on in one turn of the loop, packets and KiB: the other connections have their turn in between. */
const perTurn = 256

/** Answers of ours that a broker may leave unread before we read no more of it. */
const unreadAnswers = 1000

/** Bytes a broker may leave unread before readings are held back: some ten thousand readings, a few MiB of memory. */
const unreadBytes = 1024 * 1024

/**
 * Stands between what speaks MQTT, MQTT.js as a rule, and what carries it. Of what comes in it reads the fixed headers (MQTT 5, section 2.1), before
 * anything is put together: it ends with an error when a packet is longer than any that we have asked for
 * (`PACKET_TOO_LARGE`) or none that a broker may send to us (`PROTOCOL_ERROR`; `MALFORMED` when it is the first); it lets
 * pass a few packets a turn; and it stops reading while the broker reads none of our answers. What goes out is written in one
 * piece, for MQTT.js writes a packet in several.
 */
export function guarded(carrier: Duplex, rules: Rules = ofBrokers): Duplex {
  const scan = fixedHeaders(rules)
  let received: Buffer = Buffer.alloc(0)
  let wanted = true
  let over = false
  let passed = 0
  let owed = 0
  let turn: NodeJS.Immediate | undefined

  const nextTurn = () => {
    turn = undefined
    passed = 0
    pass()
  }
  const pass = () => {
    while (received.length > 0 && wanted && passed < perTurn && owed < unreadAnswers) {
      const { end, packets, answers, fault } = scan(received, perTurn - passed)
      passed += packets + end / 1024
      owed += answers
      const slice = received.subarray(0, end)
      received = received.subarray(end)
      if (slice.length > 0) wanted = guard.push(slice)
      if (fault) {
        guard.destroy(fault)
        return
      }
    }
    if (passed > 0) turn ??= setImmediate(nextTurn)
    if (over && (received.length === 0 || !wanted)) guard.destroy()
    else if (received.length > 0) carrier.pause()
    else carrier.resume()
  }
  const write = (bytes: Buffer, done: () => void) => {
    // What they answer leaves with these bytes.
    owed = 0
    carrier.write(bytes, (error) => {
      // Why it failed is told by the carrier's own error.
      if (error) return
      done()
      if (received.length > 0) pass()
    })
  }
  const guard: Duplex = new Duplex({
    writableHighWaterMark: unreadBytes,
    read: () => {
      wanted = true
      if (received.length > 0) pass()
    },
    write: (bytes: Buffer, _encoding, done) => write(bytes, done),
    writev: (parts, done) => write(Buffer.concat(parts.map(({ chunk }) => chunk as Buffer)), done),
    final: (done) => {
      carrier.end()
      done()
    },
    destroy: (error, done) => {
      clearImmediate(turn)
      carrier.destroy()
      done(error)
    },
  })
  carrier.on('data', (bytes: Buffer) => {
    received = received.length > 0 ? Buffer.concat([received, bytes]) : bytes
    pass()
  })
  const finish = () => {
    over = true
    pass()
  }
  carrier
    .on('error', (error) => guard.destroy(error))
    .once('end', finish)
    .once('close', finish)
  return guard
}

/** How far the bytes may pass, how many packets begin in them, and how many of these want an answer. */
interface Scan {
  readonly end: number
  readonly packets: number
  readonly answers: number
  readonly fault?: Error
}

/** Reads along what a broker sends, chunk after chunk, to the end of as many packets at most as it is told. */
function fixedHeaders({
  first,
  types,
  longestFirst,
  longest,
  noQos2,
}: Rules): (bytes: Buffer, most: number) => Scan {
  /** Bytes of a body that are still to come. */
  let body = 0
  /** Of a header: bytes that were read, the first one, the length so far. */
  let place = 0
  let head = 0
  let length = 0
  let bound = longestFirst
  let accepted = false

  const faultOf = (): Error | undefined => {
    const type = head >> 4
    if (!accepted && type !== first)
      return fault('MALFORMED', `a packet of type ${type} in place of ${first}`)
    if (accepted && type === first) return fault('PROTOCOL_ERROR', `it sends a second packet of type ${type}`)
    if (noQos2 && (type === pubrel || (type === publish && (head & qosBits) >= qos2)))
      return fault('PROTOCOL_ERROR', 'it sends a message at QoS 2, and none above 1 was asked for')
    if (type !== first && !types.has(type))
      return fault('PROTOCOL_ERROR', `it sends a packet of type ${type}`)
    return undefined
  }

  return (bytes, most) => {
    let at = 0
    let packets = 0
    let answers = 0
    while (at < bytes.length) {
      if (body > 0) {
        const step = Math.min(body, bytes.length - at)
        at += step
        body -= step
        continue
      }
      if (place === 0 && packets >= most) break
      const byte = bytes[at++] ?? 0
      if (place === 0) {
        head = byte
        length = 0
        place = 1
        const broken = faultOf()
        if (broken) return { end: at - 1, packets, answers, fault: broken }
        accepted = true
        continue
      }
      length += (byte & 127) * 128 ** (place - 1)
      place += 1
      if (byte > 127 && place < 5) continue
      if (place + length > bound)
        return { end: 0, packets, answers, fault: tooLarge(head, length, bytes.subarray(at)) }
      place = 0
      body = length
      bound = longest
      packets += 1
      if (head >> 4 === publish ? (head & qosBits) !== 0 : head >> 4 === pubrec) answers += 1
    }
    return { end: at, packets, answers }
  }
}

/** What may come in. */
export interface Rules {
  /** Type of the first packet, which comes once. */
  readonly first: number
  /** Types of the others. */
  readonly types: ReadonlySet<number>
  /** Bytes. */
  readonly longestFirst: number
  readonly longest: number
  readonly noQos2: boolean
}

const [connect, connack, publish, pubrec, pubrel] = [1, 2, 3, 5, 6]

/** PUBLISH, PUBACK, PUBREC, PUBCOMP, SUBACK, UNSUBACK, PINGRESP, DISCONNECT. */
const ofBrokers: Rules = {
  first: connack,
  types: new Set([publish, 4, pubrec, pubrel, 7, 9, 11, 13, 14]),
  longestFirst: longestPacket,
  longest: longestPacket,
  noQos2: true,
}

/** PUBLISH and its four acknowledgements, SUBSCRIBE, UNSUBSCRIBE, PINGREQ, DISCONNECT. */
export const ofClients: Rules = {
  first: connect,
  types: new Set([publish, 4, pubrec, pubrel, 7, 8, 10, 12, 14]),
  longestFirst: 65_536,
  longest: 1024 * 1024,
  noQos2: false,
}

const qosBits = 0b0110

const qos2 = 0b0100

/** What a broker did that ends the link to it. */
export interface GuardFault extends Error {
  readonly code: 'MALFORMED' | 'PROTOCOL_ERROR' | 'PACKET_TOO_LARGE'
  /** That of the message that is too large, as far as it can be told. */
  readonly topic?: string
}

const fault = (code: GuardFault['code'], message: string): GuardFault =>
  Object.assign(new Error(message), { code })

/** The topic is the first thing in a message: usually it has come along with the header. */
function tooLarge(head: number, length: number, rest: Buffer): GuardFault {
  const isMessage = head >> 4 === publish
  const end = isMessage && rest.length > 1 ? 2 + rest.readUInt16BE(0) : 0
  const topic = end > 2 && rest.length >= end ? rest.toString('utf8', 2, end) : undefined
  const what = isMessage ? 'a message' : 'a packet'
  const where = topic === undefined ? '' : ` on ${quoteText(topic)}`
  return Object.assign(
    fault(
      'PACKET_TOO_LARGE',
      `it sends ${what} of ${length} bytes${where}, and no command has more than 64 KiB`,
    ),
    topic !== undefined && { topic },
  )
}
