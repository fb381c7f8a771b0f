import { asyncScheduler, EMPTY, lastValueFrom, takeUntil, tap, timer } from 'rxjs'
import type { Keys } from '../ble/formats/formats.js'
import { readKeyFile } from '../ble/keys.js'
import {
  configLines,
  scanAdvice,
  type Scanned,
  type ScannedDevice,
  scannedDevices,
} from '../ble/scannedDevices.js'
import { drained } from '../captures/writeCapture.js'
import { escapeControls } from '../fields/problems.js'
import type { Logger } from '../model.js'
import { loadUnfinished } from './check.js'
import { listen, NothingRead, type RadioOptions } from './radio.js'
import { stopAfter } from './signals.js'
import { consoleLogger, recentLog, signalBar, textTable } from './terminal.js'

export interface ScanOptions extends RadioOptions {
  /** Seconds after which it ends by itself. */
  readonly for?: number | undefined
  /** A configuration: the radio listens as it says, and devices have the names that it gives them. */
  readonly file?: string | undefined
  /** A file with the keys of devices that encrypt. */
  readonly keys?: string | undefined
}

/** What a terminal that hangs may leave unread, bytes. */
const limit = 2 ** 20

/**
 * Shows the sensors of all brands that the radio hears, or that are in a capture: a live table on a terminal, else a line for each
 * device and change, and the table at the end. Resolves to the exit code: 1 when nothing in the capture could be
 * read, or the file of keys not be used, 3 when it cannot be read to its end.
 */
export async function scan(options: ScanOptions, terminal = process.stdout): Promise<number> {
  const stop$ = stopAfter(options.for)
  const log = terminal.isTTY ? recentLog(3) : { lines: [], logger: consoleLogger }
  const loaded = options.file === undefined ? undefined : await loadUnfinished(options.file, log.logger)
  const keys = await keysOf(options.keys, loaded?.keys, log.logger)
  if (!keys) return 1
  let devices: Scanned['devices'] = new Map()
  let heard = 0

  const write = (text: string) => terminal.writableLength < limit && terminal.write(text)
  const screen = () =>
    scanScreen({
      devices: [...devices.values()],
      heard,
      log: log.lines,
      now: asyncScheduler.now(),
      columns: terminal.isTTY ? terminal.columns : pipedColumns,
    })
  const draw = () => {
    const lines = screen().map((line) => line.slice(0, terminal.columns))
    write(`\x1b[H\x1b[J${lines.slice(0, terminal.rows - 1).join('\n')}\n`)
  }

  const scanned$ = listen(options, log.logger, drained(terminal), loaded?.bluetooth).pipe(
    tap(() => (heard += 1)),
    scannedDevices({ names: loaded?.names, keys, formats: loaded?.formats }),
    tap(({ devices: known, news }) => {
      devices = known
      if (news && !terminal.isTTY) write(`${scanLine(news)}\n`)
    }),
    takeUntil(stop$),
  )
  const frame$ = terminal.isTTY ? timer(0, 500).pipe(tap(draw)) : EMPTY
  const drawing = frame$.subscribe()
  try {
    await lastValueFrom(scanned$, { defaultValue: undefined })
    return 0
  } catch (error) {
    console.error((error as Error).message)
    return error instanceof NothingRead ? 1 : 3
  } finally {
    drawing.unsubscribe()
    const lines = ['', ...screen(), '', ...configLines([...devices.values()])]
    write(`${terminal.isTTY ? '\x1b[H\x1b[J' : ''}${lines.join('\n')}\n`)
  }
}

/** Where the table goes to no terminal. */
const pipedColumns = 160

/** The keys of a configuration and those of a file, which count where both have one; undefined, once said why, where the file cannot be used. */
async function keysOf(
  file: string | undefined,
  configured: Keys | undefined,
  log: Logger,
): Promise<Keys | undefined> {
  try {
    const given = file === undefined ? [] : await readKeyFile(file, log)
    return new Map([...(configured ?? []), ...given])
  } catch (error) {
    console.error((error as Error).message)
    return undefined
  }
}

/** A device as one line, for who reads them one by one. */
export const scanLine = ({
  address,
  localName,
  destination,
  format,
  model,
  rssi,
  readings,
  locked,
}: ScannedDevice): string =>
  [
    address,
    destination ?? localName ?? '-',
    ...new Set([format.brand, model ?? '?']),
    ...(rssi === undefined ? [] : [`${rssi} dBm`]),
    ...Object.values(readings),
    ...(locked ? lockWords[locked] : []),
  ]
    .map(escapeControls)
    .join('  ')

export interface ScanScreen {
  readonly devices: readonly ScannedDevice[]
  /** All packets, whoever sent them. */
  readonly heard: number
  /** The last lines of the log. */
  readonly log: readonly string[]
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Of the table. */
  readonly columns: number
}

/** What scan shows, as lines: the table, what the owners of some devices should know, and the last lines of the log. */
export function scanScreen({ devices: unsorted, heard, log, now, columns }: ScanScreen): string[] {
  const devices = unsorted.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
  const advice = devices.flatMap((device) =>
    scanAdvice(device).map(
      (sentence) =>
        `${escapeControls(device.destination ?? device.localName ?? device.address)} ${sentence}.`,
    ),
  )
  return [
    `Devices of known brands: ${devices.length}; packets heard from them and others: ${heard}`,
    '',
    ...(devices.length > 0 ? scanTable(devices, now, columns).split('\n') : ['Nothing yet.']),
    ...(advice.length > 0 ? ['', ...advice] : []),
    ...(log.length > 0 ? ['', ...log] : []),
  ]
}

/** What is said of a device that encrypts in the place of its readings. */
const lockWords = { 'no key': ['encrypted'], 'wrong key': ['encrypted'], open: [] }

const sortKey = ({ localName = '~', address }: ScannedDevice) => `${localName} ${address}`

const longestName = 24

/** Draws devices as aligned columns, what a narrow terminal may cut off last; `now` in milliseconds since the epoch. Names come off the air: they are escaped and cut. */
export function scanTable(devices: readonly ScannedDevice[], now: number, columns = pipedColumns): string {
  const rows = devices.map((device) => [
    escapeControls(device.destination ?? device.localName ?? '-').slice(0, longestName),
    device.format.brand,
    device.model ?? '?',
    device.rssi === undefined ? '' : `${device.rssi} ${signalBar(device.rssi)}`,
    `${Math.max(0, Math.round((now - device.at) / 1000))} s`,
    `${device.count}`,
    [
      ...Object.values(device.readings),
      ...(device.error ? ['invalid values'] : []),
      ...(device.locked ? lockWords[device.locked] : []),
    ].join(', '),
    [...(device.inAdvertisement ? ['adv'] : []), ...(device.inScanResponse ? ['scan rsp'] : [])].join(', '),
    escapeControls(device.address),
  ])
  const header = ['name', 'brand', 'model', 'dBm', 'age', 'count', 'readings', 'reading in', 'address']
  return textTable([header, ...rows], ['dBm', 'age', 'count'], {
    title: 'readings',
    total: columns,
    least: 30,
  })
}
