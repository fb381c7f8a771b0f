import type { Book } from './book.js'
import type { Tap } from './wire.js'

/** The number that a message says; undefined when it is no reading. */
export type NumberOf = (topic: string, payload: Buffer) => number | undefined

/** Keeps the book on what goes over a wire. */
export function bookkeeping(book: Book, numberOf: NumberOf): Tap {
  const published = new Map<number, readonly [topic: string, number: number]>()
  let current = 0
  return {
    sent: (packet, link) => {
      if (packet.cmd !== 'publish') return
      const number = numberOf(packet.topic, Buffer.from(packet.payload))
      if (number === undefined) return
      if (link === current) published.set(packet.messageId ?? 0, [packet.topic, number])
      book.sent(packet.topic, number)
    },
    received: (packet, link, isRead) => {
      if (packet.cmd === 'connack' && packet.returnCode === 0) {
        current = link
        published.clear()
        book.linked()
      }
      const message = packet.cmd === 'puback' && link === current && published.get(packet.messageId ?? 0)
      if (!message) return
      book.acknowledged(...message)
      void isRead.then((read) => read && book.settled(...message))
    },
  }
}
