import {
  defer,
  EMPTY,
  filter,
  fromEvent,
  map,
  merge,
  mergeMap,
  type Observable,
  take,
  throwError,
} from 'rxjs'
import { reversedHex } from './advertisement.js'
import { type HciSocket, ownSockets } from './hciSocket.js'

/** The kernel's management interface to all Bluetooth adapters (BlueZ, doc/mgmt-api.txt). */
export interface Management {
  /** Its answer comes as a message. */
  readonly send: (command: number, adapter: number, parameters?: readonly number[]) => void
  /** What the kernel answers, and what it reports by itself. It fails when the socket does. */
  readonly messages$: Observable<Message>
  readonly close: () => void
}

export interface Message {
  readonly event: number
  /** The number of the adapter that it is about. */
  readonly adapter: number
  readonly parameters: Buffer
}

/** Opens it. Throws where the kernel does not let this process, or has none. */
export function openManagement(Socket: new () => HciSocket): Management {
  const [socket, closeSockets] = ownSockets(() => new Socket())
  const close = () => {
    socket.stop()
    socket.removeAllListeners().on('error', () => undefined)
    closeSockets()
  }
  try {
    socket.bindControl()
    socket.start()
  } catch (error) {
    close()
    throw error
  }
  return {
    send: (command, adapter, parameters = []) => {
      const header = [command, adapter, parameters.length].flatMap((word) => [word & 0xff, word >> 8])
      socket.write(Buffer.from([...header, ...parameters]))
    },
    messages$: merge(
      fromEvent(socket, 'data').pipe(
        map((packet) => packet as Buffer),
        filter(({ length }) => length >= 6),
        map((packet) => ({
          event: packet.readUInt16LE(0),
          adapter: packet.readUInt16LE(2),
          parameters: packet.subarray(6),
        })),
      ),
      fromEvent(socket, 'error').pipe(mergeMap((error) => throwError(() => error as Error))),
    ),
    close,
  }
}

/** Sends a command and emits the answer to it: its status, and what it returns. */
export const ask = (
  management: Management,
  command: number,
  adapter: number,
  parameters?: readonly number[],
): Observable<Answer> =>
  merge(
    answer(management, command, adapter),
    // Later than that is listened to, since it may be answered at once.
    defer(() => {
      management.send(command, adapter, parameters)
      return EMPTY
    }),
  )

/** Emits the answer to a command that was sent. */
export const answer = ({ messages$ }: Management, command: number, adapter: number): Observable<Answer> =>
  messages$.pipe(
    filter(
      (message) =>
        (message.event === completed || message.event === refused) &&
        message.adapter === adapter &&
        message.parameters.length >= 3 &&
        message.parameters.readUInt16LE(0) === command,
    ),
    take(1),
    map(({ parameters }) => ({ status: parameters.readUInt8(2), returned: parameters.subarray(3) })),
  )

interface Answer {
  readonly status: number
  readonly returned: Buffer
}

/** The address of an adapter as the answer to `readInformation` holds it: `00:1a:7d:da:71:13`. */
export const addressOf = (returned: Buffer): string => reversedHex(returned, 0, 6, ':')

/** Numbers of commands, and of what the kernel reports. */
export const [readInformation, setPowered] = [0x0004, 0x0005]

const [completed, refused] = [0x0001, 0x0002]

export const [adapterAdded, adapterRemoved] = [0x0004, 0x0005]
