import { createRequire } from 'node:module'
import { endianness } from 'node:os'
import { getSystemErrorName } from 'node:util'

/** The calls into the C library that Node has no function for. They throw errors with the `code` that Node's own have. */
export interface Libc {
  /** Fills in `data`, or reads it. */
  ioctl(fd: number, request: number, data: Buffer): void
  /** From now on `read` does not wait. */
  setNonBlocking(fd: number): void
  /** Reads what is there already, which may be nothing. */
  read(fd: number, into: Buffer): number
}

/** What the program needs of it for itself. */
interface Process {
  /** Sends a text as one datagram to a socket of this machine: its path, or `@` and its name. Never waits. */
  sendTo(socket: string, text: string): void
  /** From now on the programs that are started get none of our capabilities, which we keep. */
  keepCapabilities(): void
  /** Ends the process at once. */
  exit(code: number): void
}

/** Loads `koffi` at the first call, since it is an optional package, and only GPIO needs it. */
export const libc = (): Libc & Process => (loaded ??= open())

let loaded: (Libc & Process) | undefined

function open(): Libc & Process {
  const koffi = installed()
  const library = koffi.load(null)
  const ioctl = library.func('int ioctl(int fd, unsigned long request, ...)')
  const fcntl = library.func('int fcntl(int fd, int command, ...)')
  const read = library.func('long read(int fd, void *into, size_t size)')
  const socket = library.func('int socket(int domain, int type, int protocol)')
  const sendto = library.func(
    'long sendto(int fd, void *data, size_t size, int flags, void *address, unsigned int length)',
  )
  const close = library.func('int close(int fd)')
  const exit = library.func('void _exit(int code)')
  const prctl = library.func(
    'int prctl(int option, unsigned long, unsigned long, unsigned long, unsigned long)',
  )
  const capget = library.func('int capget(void *header, void *data)')
  const capset = library.func('int capset(void *header, void *data)')
  const succeed = (call: string, result: number) => {
    if (result >= 0) return result
    const code = getSystemErrorName(-koffi.errno())
    throw Object.assign(new Error(`${call} failed: ${code}`), { code })
  }
  return {
    ioctl: (fd, request, data) => void succeed('ioctl', ioctl(fd, request, 'void *', data)),
    setNonBlocking: (fd) => void succeed('fcntl', fcntl(fd, setFlags, 'int', nonBlocking)),
    read: (fd, into) => {
      const size = read(fd, into, into.length)
      return size < 0 && koffi.errno() === tryAgain ? 0 : succeed('read', size)
    },
    sendTo: (path, text) => {
      const [data, address] = [Buffer.from(text), Buffer.from(`\0\0${path.replace(/^@/, '\0')}`)]
      address.writeUInt8(unix, endianness() === 'LE' ? 0 : 1)
      const fd = succeed('socket', socket(unix, datagram, 0))
      try {
        succeed('sendto', sendto(fd, data, data.length, atOnce, address, address.length))
      } finally {
        close(fd)
      }
    },
    keepCapabilities: () => {
      succeed('prctl', prctl(ambient, clearAll, 0, 0, 0))
      // Two blocks of three sets of 32 bits each: effective, permitted, inheritable.
      const [header, sets] = [Buffer.alloc(8), Buffer.alloc(24)]
      new Uint32Array(header.buffer, header.byteOffset, 1)[0] = capabilityVersion
      succeed('capget', capget(header, sets))
      for (const inheritable of [8, 20]) sets.fill(0, inheritable, inheritable + 4)
      // May fail, and the unit filters it: what can be inherited helps only files that have capabilities.
      capset(header, sets)
    },
    exit: (code) => void exit(code),
  }
}

/** AF_UNIX; SOCK_DGRAM with SOCK_CLOEXEC; MSG_DONTWAIT with MSG_NOSIGNAL. */
const [unix, datagram, atOnce] = [1, 0o2000002, 0x4040]

/** PR_CAP_AMBIENT and PR_CAP_AMBIENT_CLEAR_ALL of prctl(2), _LINUX_CAPABILITY_VERSION_3 of capget(2). */
const [ambient, clearAll, capabilityVersion] = [47, 4, 0x20080522]

const [setFlags, nonBlocking, tryAgain] = [4, 0o4000, 11]

function installed(): Koffi {
  try {
    return createRequire(import.meta.url)('koffi') as Koffi
  } catch (cause) {
    throw new Error(
      'GPIO support is not installed (koffi): run npm install in the folder of the program, without --omit=optional',
      { cause },
    )
  }
}

/** The parts used of `koffi`, whose own types say `any`. */
interface Koffi {
  load(path: null): { func(definition: string): (...args: unknown[]) => number }
  errno(): number
}
