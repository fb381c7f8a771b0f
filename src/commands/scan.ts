import { asyncScheduler, EMPTY, fromEvent, lastValueFrom, merge, NEVER, takeUntil, tap, timer } from 'rxjs'
import { drained } from '../captures/drained.js'
import { fromGovee } from '../govee/fromGovee.js'
import { joinPackets } from '../govee/joinPackets.js'
import { configLines } from './configLines.js'
import { consoleLogger } from './consoleLogger.js'
import { lastResort } from './lastResort.js'
import { listen } from './listen.js'
import type { RadioOptions } from './radio.js'
import { recentLog } from './recentLog.js'
import { scannedDevices, type Scanned } from './scannedDevices.js'
import { scanLine } from './scanLine.js'
import { scanScreen } from './scanScreen.js'
import { stopSignal } from './stopSignal.js'

export interface ScanOptions extends RadioOptions {
  /** Seconds after which it ends by itself. */
  readonly for?: number | undefined
}

/** What a terminal that hangs may leave unread, bytes. */
const limit = 2 ** 20

/**
 * Shows the Govee devices that the radio hears, or that are in a capture: a live table on a terminal, else a line for
 * each device and change, and the table at the end. Resolves to the exit code: 3 when the capture cannot be read.
 */
export async function scan(options: ScanOptions, terminal = process.stdout): Promise<number> {
  const stop$ = stopSignal(options.for === undefined ? NEVER : timer(options.for * 1000))
  lastResort(stop$)
  const log = terminal.isTTY ? recentLog(3) : { lines: [], logger: consoleLogger }
  let devices: Scanned['devices'] = new Map()
  let heard = 0

  // Who reads no further, as in `scan | head`, ends it.
  terminal.on('error', () => undefined)
  const write = (text: string) => terminal.writableLength < limit && terminal.write(text)
  const screen = () =>
    scanScreen({ devices: [...devices.values()], heard, log: log.lines, now: asyncScheduler.now() })
  const draw = () => {
    const lines = screen().map((line) => line.slice(0, terminal.columns))
    write(`\x1b[H\x1b[J${lines.slice(0, terminal.rows - 1).join('\n')}\n`)
  }

  const scanned$ = listen(options, log.logger, drained(terminal)).pipe(
    tap(() => (heard += 1)),
    joinPackets(),
    fromGovee(),
    scannedDevices(),
    tap(({ devices: known, news }) => {
      devices = known
      if (news && !terminal.isTTY) write(`${scanLine(news)}\n`)
    }),
    takeUntil(merge(stop$, fromEvent(terminal, 'error'))),
  )
  const frame$ = terminal.isTTY ? timer(0, 500).pipe(tap(draw)) : EMPTY
  const drawing = frame$.subscribe()
  try {
    await lastValueFrom(scanned$, { defaultValue: undefined })
    return 0
  } catch (error) {
    console.error((error as Error).message)
    return 3
  } finally {
    drawing.unsubscribe()
    const lines = ['', ...screen(), '', ...configLines([...devices.values()])]
    write(`${terminal.isTTY ? '\x1b[H\x1b[J' : ''}${lines.join('\n')}\n`)
  }
}
