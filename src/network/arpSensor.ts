import { readFile } from 'node:fs/promises'
import { distinctUntilChanged, map } from 'rxjs'
import * as z from 'zod'
import { describe, deviceAt, type Quantity } from '../description.js'
import { checked, inCode, optionsInCode } from '../fields/codeOptions.js'
import { field, milliseconds, path, seconds } from '../fields/fields.js'
import { destination as topic } from '../fields/topicFields.js'
import type { Logger, Sensor } from '../model.js'
import { poll } from '../operators/poll.js'
import { sensorPlugin } from '../plugin/plugin.js'
import { inTurn } from '../threads.js'

/** Whose presence on the network to report, and where. */
export interface ArpSensorOptions {
  /** With colons or hyphens, in any case: `aa:bb:cc:dd:ee:ff`. */
  readonly mac: string
  /** Where to report ON and OFF. */
  readonly destination: string
  /** From one look to the next, ms. */
  readonly period: number
  /** The kernel's neighbour table. @default '/proc/net/arp' */
  readonly table?: string
}

/**
 * Reports whether a device is in the kernel's neighbour table: ON or OFF at once, then every change. A device that left
 * stays in there until somebody wants to talk to it in vain.
 *
 * @throws TypeError that says what is wrong with the options, as for those of a file.
 * @example
 * const phone$ = arpSensor({ mac: 'aa:bb:cc:dd:ee:ff', destination: 'phone', period: 10_000 })
 */
export function arpSensor(options: ArpSensorOptions, log: Logger = console): Sensor {
  const { mac, destination, period, table = '/proc/net/arp' } = checked('arpSensor', arpInCode, options)
  const about = describePresence(destination)
  return poll(period, () => inTurn(table, () => readFile(table, 'utf8')), { log }).pipe(
    map((text) => isNeighbour(text, mac)),
    distinctUntilChanged(),
    map((isThere) => ({ destination, value: isThere ? 'ON' : 'OFF', about })),
  )
}

const describePresence = (destination: string) =>
  describe(deviceAt(destination), destination, 'presence', presence)

const presence: Quantity = { words: ['ON', 'OFF'], deviceClass: 'presence' }

/**
 * Whether the kernel's neighbour table has a complete entry for a MAC address. The table is the text of `/proc/net/arp`:
 * IP address, hardware type, flags, MAC address, mask, device; bit 2 of the flags says that somebody answered
 * (ATF_COM, linux/if_arp.h).
 */
export const isNeighbour = (table: string, mac: string): boolean =>
  table.split('\n').some((line) => {
    const [, , flags, address] = line.split(/\s+/)
    return address?.toLowerCase() === mac && (Number(flags) & 2) !== 0
  })

const macAddress = field('a MAC address such as aa:bb:cc:dd:ee:ff', (text) =>
  /^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i.test(text) ? text.toLowerCase().replaceAll('-', ':') : undefined,
)

const arpInCode = optionsInCode({
  mac: inCode(macAddress),
  destination: inCode(topic),
  period: inCode(milliseconds(1)),
  table: inCode(path).optional(),
})

/** `[SensorN] Class = network.arp_sensor.ArpSensor` */
export const ArpSensor = sensorPlugin({
  summary: 'Presence of a device on the local network: ON while the neighbour table (ARP) has it, else OFF.',
  options: z.object({
    MAC: macAddress.describe('MAC address of the device'),
    Poll: seconds(0.1).describe('seconds from one look at the table to the next, usually 60'),
    Destination: topic.describe('where to say ON when it is present, and OFF'),
    Path: path.prefault('/proc/net/arp').describe('the table; only containers need another'),
  }),
  describes: ({ Destination }) => ({ topics: [describePresence(Destination)] }),
  create: ({ MAC, Poll, Destination, Path }, { log }) =>
    arpSensor({ mac: MAC, destination: Destination, period: Poll, table: Path }, log),
})
