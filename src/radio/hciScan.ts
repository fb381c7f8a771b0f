import { randomBytes } from 'node:crypto'
import { Subject } from 'rxjs'

/** What another program, or the kernel, did to the scan: switched it off, or made it report less. */
export type Disturbance = 'stopped' | 'changed'

/** What the scan needs of the adapter that it is of. */
interface Adapter {
  readonly write: (packet: Uint8Array) => void
  readonly isUp: () => boolean
  /** Told when the features of the controller are known, so that it can be told to scan. */
  readonly ready: () => void
}

/** The HCI commands by which one controller scans. */
export type ScanCommands = ReturnType<typeof hciScan>

/**
 * The commands by which a controller scans, actively and without a filter, and what comes of them (Core Specification, Vol 4,
 * Part E, 7.8.10, 7.8.11, 7.8.64 and 7.8.65). Controllers of Bluetooth 5 have two kinds of them, and refuse the one after the other
 * has been used (3.1.1): they get those that the kernel uses, too, the extended ones, unless they refuse them.
 */
export function hciScan({ write, isUp, ready }: Adapter) {
  const started$ = new Subject<void>()
  const refused$ = new Subject<number>()
  const disturbed$ = new Subject<Disturbance>()
  let hciVersion = 0
  let extended = false
  let own = publicAddress
  /** It has no address at all until it is given one. */
  let nameless = false
  /** What was sent and is not answered yet. */
  let pending: { readonly opcode: number; readonly step: Step; readonly round: number }[] = []
  let round = 0
  let switched = false
  /** The command of somebody else that the controller is at: it is given one after the other. */
  let foreign: number | undefined
  /** The parameters that somebody else has set would not have everything reported. */
  let narrowed = false
  /** The adapter is being switched off and on by us. */
  let resetting = false

  const send = (step: Step) => {
    const { opcode, parameters } = commandOf(step, extended, own)
    pending = [...pending.slice(-10), { opcode, step, round }]
    write(command(opcode, parameters))
  }
  const begin = () => {
    const mine = (round += 1)
    narrowed = false
    for (const step of steps) if (mine === round && (step !== 'address' || nameless)) send(step)
  }
  const answered = (opcode: number, status: number) => {
    const index = pending.findIndex((sent) => sent.opcode === opcode)
    const sent = pending[index]
    pending = pending.slice(index + 1)
    // A scan that does not run need not be ended.
    if (sent?.round !== round || sent.step === 'off') return
    if (status !== 0) {
      if (!switched && hciVersion >= bluetooth5 && wrongKind.has(status)) {
        switched = true
        extended = !extended
        begin()
      } else if (status === invalid && own === randomAddress && !nameless) {
        nameless = true
        begin()
      } else {
        // One word for all that this attempt has still to hear.
        round += 1
        refused$.next(status)
      }
    } else if (sent.step === 'on') {
      resetting = false
      started$.next()
    }
  }
  const disturb = (how: Disturbance) => {
    if (!resetting) disturbed$.next(how)
  }
  const overheard = (opcode: number, parameters: Uint8Array) => {
    foreign = opcode
    const [first, second] = parameters
    if (opcode === legacySet) narrowed = first !== active || parameters[6] !== everybody
    else if (opcode === extendedSet) narrowed = parameters[3] !== active || second !== everybody
    else if (opcode === legacyEnable || opcode === extendedEnable) {
      if (first !== 1) disturb('stopped')
      else if (second !== 0 || narrowed) disturb('changed')
    }
  }

  return {
    started$: started$.asObservable(),
    /** Emits the status by which it refused to scan. */
    refused$: refused$.asObservable(),
    disturbed$: disturbed$.asObservable(),
    version: (version: number) => {
      hciVersion = version
    },
    /** Asks which kind of commands it knows. */
    readFeatures: () => write(command(readFeatures)),
    start: () => {
      switched = false
      begin()
    },
    stop: () => send('off'),
    /** Until the scan has started again, what happens to it is our own doing. */
    expectReset: () => {
      resetting = true
    },
    /** Reads an HCI packet (H4); false where it is about something else. */
    read: (packet: Uint8Array): boolean => {
      if (packet[0] === 0x01) {
        if (packet.length >= 4) overheard(word(packet, 1), packet.subarray(4))
        return true
      }
      const event = packet[0] === 0x04 ? answers.get(packet[1]) : undefined
      if (!event || packet.length <= Math.max(event.opcode + 1, event.status)) return false
      const opcode = word(packet, event.opcode)
      const status = packet[event.status] ?? 0
      const isOurs = foreign !== opcode
      if (!isOurs) foreign = undefined
      if (opcode === reset) {
        // It has forgotten what the kernel told it to report; while the kernel switches it on that comes next.
        if (isUp()) {
          write(command(setEvents, allEvents))
          if (hciVersion >= bluetooth5) write(command(setLeEvents, allLeEvents))
        }
        if (!isOurs) disturb('stopped')
      } else if (opcode === readAddress) {
        // Who has no public address refuses to scan from one.
        if (status === 0)
          own = packet.subarray(7, 13).some((byte) => byte !== 0) ? publicAddress : randomAddress
        return false
      } else if (opcode === readFeatures && isOurs) {
        extended = hciVersion >= bluetooth5 && status === 0 && ((packet[8] ?? 0) & extendedAdvertising) !== 0
        ready()
      } else if (scanCommands.has(opcode)) {
        if (isOurs) answered(opcode, status)
      } else return false
      return true
    },
  }
}

/** What it is told one after the other; an address only where it has none. */
const steps = ['off', 'address', 'set', 'on'] as const

type Step = (typeof steps)[number]

const word = (packet: Uint8Array, at: number) => (packet[at] ?? 0) | ((packet[at + 1] ?? 0) << 8)

function command(opcode: number, parameters: readonly number[] = []): Buffer {
  return Buffer.from([0x01, opcode & 0xff, opcode >> 8, parameters.length, ...parameters])
}

/** Where the two events that answer a command have its opcode and its status. */
const answers = new Map<number | undefined, { readonly opcode: number; readonly status: number }>([
  [0x0e, { opcode: 4, status: 6 }],
  [0x0f, { opcode: 5, status: 3 }],
])

const [reset, setEvents, setLeEvents] = [0x0c03, 0x0c01, 0x2001]

const [readAddress, readFeatures, setRandomAddress] = [0x1009, 0x2003, 0x2005]

const [legacySet, legacyEnable, extendedSet, extendedEnable] = [0x200b, 0x200c, 0x2041, 0x2042]

const scanCommands = new Set([legacySet, legacyEnable, extendedSet, extendedEnable])

/** Scan type and filter policy. */
const [active, everybody] = [1, 0]

/** Interval and window, 11.25 ms both: it listens all the time. */
const always = [0x12, 0, 0x12, 0]

/** What kind of address asks for scan responses. */
const [publicAddress, randomAddress] = [0, 1]

/** Such a command of Bluetooth 5, or of 4; with PHY 1M, since all of these sensors use it. */
function commandOf(step: Step, extended: boolean, own: number) {
  if (step === 'address') return { opcode: setRandomAddress, parameters: unresolvable() }
  if (step === 'set')
    return extended
      ? { opcode: extendedSet, parameters: [own, everybody, 1, active, ...always] }
      : { opcode: legacySet, parameters: [active, ...always, own, everybody] }
  const on = step === 'on' ? 1 : 0
  return extended
    ? { opcode: extendedEnable, parameters: [on, 0, 0, 0, 0, 0] }
    : { opcode: legacyEnable, parameters: [on, 0] }
}

/** A random address that says nothing of who uses it (Vol 6, Part B, 1.3.2.2): its two highest bits, of the last byte, are 0. */
function unresolvable(): number[] {
  const address = randomBytes(6)
  return [...address.subarray(0, 5), address.readUInt8(5) & 0x3f]
}

/** HCI version of Bluetooth 5.0. */
const bluetooth5 = 0x09

/** LE Extended Advertising, in the second byte of the features. */
const extendedAdvertising = 0x10

/** Unknown command, and command disallowed. */
const wrongKind = new Set([0x01, 0x0c])

/** Invalid parameters. */
const invalid = 0x12

/** All that Linux asks for, LE Meta among it. */
const allEvents = [0xff, 0xff, 0xfb, 0xff, 0x07, 0xf8, 0xbf, 0x3d]

/** All that Bluetooth 5.0 has. */
const allLeEvents = [0xff, 0xff, 0x0f, 0, 0, 0, 0, 0]
