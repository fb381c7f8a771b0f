import { btsnoop } from './btsnoop.js'
import type { CaptureFormat } from './captureFormat.js'
import { pcap } from './pcap.js'
import { pcapng } from './pcapng.js'

const formats = [btsnoop, pcap, pcapng]

/** The kind of a binary capture by its first four bytes; undefined for what can only be JSON Lines. */
export const formatOf = (head: Buffer): CaptureFormat | undefined =>
  formats.find(({ magics }) => magics.includes(head.toString('hex', 0, 4)))
