const capabilities =
  process.platform === 'darwin'
    ? 'allow it under System Settings > Privacy & Security > Bluetooth'
    : `add AmbientCapabilities=CAP_NET_RAW CAP_NET_ADMIN to the systemd unit, or run: sudo setcap cap_net_raw,cap_net_admin+eip ${process.execPath}`

/** By error code or adapter state: what is missing, and the command that mends it. */
const reasons = new Map([
  [
    'MODULE_NOT_FOUND',
    'Bluetooth support is not installed (@abandonware/noble): run npm install in the folder of the program; it needs a C++ compiler (sudo apt install build-essential python3).',
  ],
  [
    'ERR_DLOPEN_FAILED',
    'Bluetooth support was built for another version of Node: run npm rebuild in the folder of the program.',
  ],
  [
    'EAFNOSUPPORT',
    'The kernel of this system has no Bluetooth: run sudo modprobe bluetooth; in a container or systemd unit, allow AF_BLUETOOTH.',
  ],
  [
    'ENODEV',
    'No Bluetooth adapter was found: plug one in, or switch on the built-in one: sudo rfkill unblock bluetooth.',
  ],
  ['EPERM', `Bluetooth is not permitted: ${capabilities}.`],
  ['EACCES', `Bluetooth is not permitted: ${capabilities}.`],
  ['unauthorized', `Bluetooth is not permitted: ${capabilities}.`],
  [
    'unsupported',
    'The Bluetooth adapter is too old (no Low Energy): plug in one with Bluetooth 4.0 or newer.',
  ],
  [
    'ETIMEDOUT',
    'The Bluetooth adapter does not answer: unplug it and plug it in again, or run: sudo hciconfig hci0 reset.',
  ],
])

/**
 * The error for what noble threw, or for a state its adapter is in: one line, with what to do. `adapter` is the one that was
 * asked for by name.
 */
export function radioError(cause: unknown, adapter?: string): Error {
  const { code = cause, message = cause } = cause instanceof Error ? (cause as NodeJS.ErrnoException) : {}
  const reason = reasons.get(String(code)) ?? `Bluetooth cannot be used: ${String(message)}.`
  const other =
    adapter !== undefined && code === 'ENODEV'
      ? ` Only ${adapter} is looked for, as Adapter under [Bluetooth] says.`
      : ''
  return new Error(reason + other, { cause })
}
