// A Bluetooth controller for the guests: the kernel believes in it as in a dongle, and nobody is asked for hardware.
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs'

/** The commands that cases ask for (Core Specification, Vol 4, Part E, 7). */
export const opcodes = {
  reset: 0x0c03,
  readVersion: 0x1001,
  setLeEvents: 0x2001,
  set: 0x200b,
  enable: 0x200c,
  extendedSet: 0x2041,
  extendedEnable: 0x2042,
}

/**
 * A controller behind `/dev/vhci`, of Bluetooth 4 unless it is told to be of `bluetooth5`: then it refuses, as the specification wants it
 * (Vol 4, Part E, 3.1.1), the old commands once a new one has come since its reset, and the other way round. Closing the device pulls it.
 */
export function controller({ address, bluetooth5 = false, randomOnly = false }) {
  let device
  let poll
  let registered
  const state = { ...idle }
  let leEvents
  let used
  let passed
  const pondered = []

  const reset = () => {
    Object.assign(state, idle)
    leEvents = 0x1fn
    used = undefined
    passed = new Set()
  }
  const self = {
    address,
    /** Its number, while it is plugged in. */
    number: undefined,
    get name() {
      return `hci${self.number}`
    },
    state,
    /** All that it was told: when (ms, of `performance`), the command, its parameters. */
    told: [],
    /** Statuses that it answers commands with instead, by opcode; `undefined` for no answer. */
    refuses: new Map(),
    /** Commands that it takes its time for, until it is told to `goOn`. */
    ponders: new Set(),
    goOn: () => {
      self.ponders.clear()
      for (const [opcode, parameters] of pondered.splice(0)) obeyed(opcode, parameters)
    },
    /** How many commands it refused since their kind was the wrong one. */
    mixed: 0,
    /** It hears nothing, says nothing and obeys nothing any more. */
    hangs: false,
    toldTo: (opcode, since = 0) => self.told.filter((each) => each.opcode === opcode && each.at >= since),

    /** Plugs it in; resolves to its number once the kernel has given it one. */
    plug: async () => {
      reset()
      device = openSync('/dev/vhci', constants.O_RDWR | constants.O_NONBLOCK)
      writeSync(device, Buffer.of(vendor, 0))
      poll = setInterval(obey, 4)
      return new Promise((resolve) => (registered = resolve))
    },
    /** Pulls it out. */
    unplug: () => {
      if (device === undefined) return
      clearInterval(poll)
      closeSync(device)
      device = self.number = undefined
      state.scanning = false
    },
    /** Says something of its own accord. While the adapter is down the kernel does not listen. */
    send: (packet) => {
      if (device === undefined) return
      try {
        writeSync(device, packet)
      } catch (error) {
        if (error.code !== 'ENXIO') throw error
      }
    },
    /** An advertiser nearby: its packet, and its scan response where it is asked for one. */
    air: ({ address: from, rssi = -60, data, response }) => {
      hear(from, rssi, 'advertisement', data)
      if (response && state.active) hear(from, rssi, 'response', response)
    },
  }

  const obey = () => {
    const packet = Buffer.alloc(1100)
    while (device !== undefined) {
      let size
      try {
        size = readSync(device, packet, 0, packet.length, null)
      } catch (error) {
        if (error.code === 'EAGAIN' || error.code === 'EINTR') return
        throw error
      }
      if (packet[0] === vendor) {
        self.number = packet.readUInt16LE(2)
        registered(self.number)
      } else if (packet[0] === 0x01) command(packet.readUInt16LE(1), Buffer.from(packet.subarray(4, size)))
    }
  }
  const answer = (opcode, status, parameters = []) =>
    self.send(
      Buffer.of(0x04, 0x0e, 4 + parameters.length, 1, opcode & 0xff, opcode >> 8, status, ...parameters),
    )
  const command = (opcode, parameters) => {
    self.told.push({ at: performance.now(), opcode, parameters })
    if (self.ponders.has(opcode)) pondered.push([opcode, parameters])
    else if (!self.hangs) obeyed(opcode, parameters)
  }
  const obeyed = (opcode, parameters) => {
    if (self.refuses.has(opcode)) {
      const status = self.refuses.get(opcode)
      if (status !== undefined) answer(opcode, status)
      return
    }
    const kind = legacy.has(opcode) ? 'legacy' : extended.has(opcode) ? 'extended' : undefined
    if (kind === 'extended' && !bluetooth5) {
      answer(opcode, unknownCommand)
      return
    }
    if (bluetooth5 && kind && (used ?? kind) !== kind) {
      self.mixed += 1
      answer(opcode, disallowed)
      return
    }
    used = kind ?? used
    const returned = results(opcode, parameters)
    if (typeof returned === 'number') answer(opcode, returned)
    else answer(opcode, 0, returned)
  }
  /** What a command returns, or the status by which it is refused. */
  const results = (opcode, parameters) => {
    switch (opcode) {
      case opcodes.reset:
        reset()
        return []
      case opcodes.setLeEvents:
        leEvents = parameters.readBigUInt64LE(0)
        return []
      case opcodes.set:
      case opcodes.extendedSet: {
        const isOld = opcode === opcodes.set
        const ownAddressType = parameters[isOld ? 5 : 0]
        // Who has no public address cannot use it, and who was given no random one cannot use that.
        if (randomOnly && (ownAddressType === 0 || !state.randomAddress)) return invalid
        state.active = parameters[isOld ? 0 : 3] === 1
        return []
      }
      case opcodes.enable:
      case opcodes.extendedEnable:
        state.scanning = parameters[0] === 1
        state.filtered = parameters[1] === 1
        state.extended = opcode === opcodes.extendedEnable
        passed.clear()
        return []
      case setRandomAddress:
        state.randomAddress = parameters.toString('hex')
        return []
      case readAddress:
        return randomOnly ? new Array(6).fill(0) : [...bytesOf(address)]
      case readVersion: {
        const version = bluetooth5 ? 0x09 : 0x06
        return [version, 0, 0, version, 0xf1, 0x05, 0, 0]
      }
      case readExtendedFeatures:
        return [parameters[0], 1, ...(parameters[0] === 1 ? [2, 0, 0, 0, 0, 0, 0, 0] : lowEnergyOnly)]
      case readCommands:
        return [...commandsOf(bluetooth5)]
      case readLeFeatures:
        return [0, bluetooth5 ? 0x10 : 0, 0, 0, 0, 0, 0, 0]
      case addAdvertisingSet:
        return [7]
      default:
        return constant.get(opcode) ?? unknownCommand
    }
  }
  const hear = (from, rssi, kind, data) => {
    if (!state.scanning || self.hangs) return
    if (state.filtered) {
      const packet = `${from} ${kind} ${data.toString('hex')}`
      if (passed.has(packet)) return
      passed.add(packet)
    }
    const sender = [0, ...bytesOf(from)]
    const strength = rssi & 0xff
    if (!state.extended) {
      const type = kind === 'response' ? 4 : 0
      report([0x02, 1, type, ...sender, data.length, ...data, strength])
    } else if (leEvents & (1n << 12n)) {
      const type = kind === 'response' ? 0x1b : 0x13
      const rest = [1, 0, 0xff, 0x7f, strength, 0, 0, 0, 0, 0, 0, 0, 0, 0, data.length]
      report([0x0d, 1, type, 0, ...sender, ...rest, ...data])
    }
  }
  const report = (bytes) => self.send(Buffer.of(0x04, 0x3e, bytes.length, ...bytes))
  return self
}

/** What it is at after a reset. */
const idle = { scanning: false, active: false, filtered: false, extended: false, randomAddress: '' }

/** A packet by which `/dev/vhci` makes an adapter, and says which. */
const vendor = 0xff

const [unknownCommand, disallowed, invalid] = [0x01, 0x0c, 0x12]

/** An address as it travels. */
const bytesOf = (address) => Buffer.from(address.replaceAll(':', ''), 'hex').reverse()

const { readVersion } = opcodes

const [readCommands, readExtendedFeatures, readAddress] = [0x1002, 0x1004, 0x1009]

const [readLeFeatures, setRandomAddress, addAdvertisingSet] = [0x2003, 0x2005, 0x2036]

/** Advertising, scanning and connecting, by the commands of Bluetooth 4 and by those of 5. */
const legacy = new Set([0x2006, 0x2008, 0x2009, 0x200a, 0x200b, 0x200c, 0x200d])

const extended = new Set([0x2035, 0x2036, 0x2037, 0x2038, 0x2039, 0x203c, 0x203d, 0x2041, 0x2042, 0x2043])

/** No classic Bluetooth, but Low Energy. */
const lowEnergyOnly = [0, 0, 0, 0, 0x60, 0, 0, 0]

/** The commands that it says it knows, a bit each. */
function commandsOf(bluetooth5) {
  const bits = new Uint8Array(64)
  for (const [octet, byte] of [
    [0, 0x20],
    [2, 0x80],
    [5, 0xc0],
    [14, 0xa8],
    [15, 0x02],
    [24, 0x60],
    [25, 0xff],
    [26, 0xff],
    [27, 0x7f],
    [28, 0x07],
    ...(bluetooth5
      ? [
          [36, 0xfe],
          [37, 0x60],
        ]
      : []),
  ])
    bits[octet] = byte
  return bits
}

const zeros = (count) => new Array(count).fill(0)

/** What commands return that always return the same. */
const constant = new Map([
  [0x1003, lowEnergyOnly],
  [0x1005, [0xff, 0x03, 0, 4, 0, 0, 0]],
  [0x0c14, zeros(248)],
  [0x0c23, zeros(3)],
  [0x0c25, zeros(2)],
  ...[0x0c38, 0x2007, 0x0c58, 0x0c46, 0x203b].map((opcode) => [opcode, [1]]),
  [0x0c6c, [1, 0]],
  [0x2002, [27, 0, 4]],
  ...[0x200f, 0x202a].map((opcode) => [opcode, [8]]),
  [0x201c, [0xff, 0xff, 0xff, 0x3f, 0xff, 0x03, 0, 0]],
  [0x2018, [1, 2, 3, 4, 5, 6, 7, 8]],
  [0x2023, [27, 0, 0x48, 1]],
  [0x202f, [27, 0, 0x48, 1, 27, 0, 0x48, 1]],
  [0x203a, [0xfb, 0]],
  [0x204b, [0xec, 0x0a]],
  ...[0x0c01, 0x0c13, 0x0c24, 0x0c52, 0x0c63, 0x0c6d, 0x2006, 0x2008, 0x2009, 0x200a, 0x2010, 0x2011, 0x2012]
    .concat([0x2024, 0x2029, 0x202d, 0x202e, 0x2031, 0x2035, 0x2037, 0x2038, 0x2039, 0x203c, 0x203d])
    .map((opcode) => [opcode, []]),
])
