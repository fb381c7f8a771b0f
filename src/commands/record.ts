import { once } from 'node:events'
import { createWriteStream, statSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { EMPTY, identity, interval, lastValueFrom, takeUntil, tap } from 'rxjs'
import { formats } from '../ble/formats/formats.js'
import { fromSensors } from '../ble/fromSensors.js'
import { btsnoopWriter } from '../captures/btsnoop.js'
import { lineWriter } from '../captures/jsonLines.js'
import { captureTo, drained } from '../captures/writeCapture.js'
import { remember } from '../memory.js'
import { listen, type RadioOptions } from './radio.js'
import { stopAfter } from './signals.js'
import { consoleLogger } from './terminal.js'

export interface RecordOptions extends RadioOptions {
  /** What is of no known brand, too. */
  readonly all?: boolean | undefined
  /** A recording that is there already is replaced. */
  readonly force?: boolean | undefined
  /** Seconds after which it ends by itself. */
  readonly for?: number | undefined
}

const deviceLimit = 10_000

/**
 * Writes what the radio hears to a capture file until it is told to end: btsnoop where its name says so, JSON Lines
 * otherwise; `-` is standard output. With `replay` it converts a capture. Resolves to the exit code: 0 ended, 2 the
 * file cannot be made, 3 something could not be read or written.
 */
export async function record(file: string, options: RecordOptions, screen = process.stderr): Promise<number> {
  const output = await captureOutput(file, options.force).catch((error: unknown) => {
    console.error((error as Error).message)
  })
  if (!output) return 2
  const stop$ = stopAfter(options.for)
  const devices = new Map<string, true>()
  let count = 0
  const heard$ = listen({ speed: 'max', ...options }, consoleLogger, drained(output)).pipe(
    options.all ? identity : fromSensors(formats),
    tap(({ address }) => {
      count += 1
      remember(devices, address, true, deviceLimit)
    }),
    takeUntil(stop$),
  )
  const writer = file.endsWith('.btsnoop') ? btsnoopWriter : lineWriter
  const recorded$ = heard$.pipe(captureTo(output, writer, consoleLogger))
  const show = (end: string) =>
    screen.write(`\rrecorded advertisements: ${count}, devices: ${devices.size}${end}`)
  const progress$ = screen.isTTY ? interval(1000).pipe(tap(() => show(''))) : EMPTY
  const progress = progress$.subscribe()
  try {
    await lastValueFrom(recorded$, { defaultValue: undefined })
    return 0
  } catch (error) {
    const { syscall, code = '', message } = error as NodeJS.ErrnoException
    // `record - | head` has read enough.
    if (output === process.stdout && code === 'EPIPE') return 0
    console.error(
      syscall === 'write' ? `${file} cannot be written to the end (${code}): is the disk full?` : message,
    )
    return 3
  } finally {
    progress.unsubscribe()
    show(`, in ${file === '-' ? 'standard output' : file}\n`)
    if (output !== process.stdout) output.destroy()
  }
}

/**
 * Opens the file that a recording goes to; `-` is standard output. A file that holds something already is replaced only
 * by `force`. Rejects with an error that says why it cannot be had.
 */
async function captureOutput(file: string, force = false): Promise<Writable> {
  if (file === '-') return process.stdout
  const present = statSync(file, { throwIfNoEntry: false })
  if (present?.isFile() && present.size > 0 && !force)
    throw new Error(`${file} exists already: choose another name, or --force to replace it.`)
  try {
    const output = createWriteStream(file)
    await once(output, 'open')
    return output
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    throw new Error(`${file} cannot be written (${code}): check the path and its permissions.`, {
      cause: error,
    })
  }
}
