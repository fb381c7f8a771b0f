import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { distance } from 'fastest-levenshtein'
import { asyncScheduler } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { bleSensor } from '../ble/bleSensor.js'
import { devicesBelow } from '../ble/devices.js'
import type { Measurement } from '../ble/measurement.js'
import { readingsOf } from '../ble/reports.js'
import { fileFault, quoteText } from '../fields/problems.js'
import { renderDiagram } from '../marbles/renderDiagram.js'
import { payload, type Reading } from '../model.js'
import { capture } from '../testing/capture.js'
import { durationText } from '../testing/parseDiagram.js'

/** What the command `marble` may be told. */
export interface MarbleOptions {
  /** The picture's file; `-` is standard output. @default beside the text */
  readonly output?: string
  /** For dark pages. */
  readonly dark?: true
}

/** Draws a marble diagram as SVG. Resolves to the exit code: 0 drawn, 3 it cannot be read, drawn or written. */
export async function marble(file: string, { output, dark }: MarbleOptions): Promise<number> {
  const picture = output ?? file.replace(/(\.txt)?$/, dark ? '-dark.svg' : '.svg')
  try {
    const text = readFileSync(file, 'utf8')
    const svg = await renderDiagram(text, dark ? 'dark' : 'light', file)
    if (picture === '-') process.stdout.write(svg)
    else writeFileSync(picture, svg)
    return 0
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (error instanceof SyntaxError) console.error(message)
    else console.error(`${file} cannot be drawn: ${code === undefined ? message : fileFault(error)}`)
    return 3
  }
}

/** What of a capture is to be drawn. */
export interface HeardOptions {
  /** The capture, or what `decode` has printed of one. */
  readonly from: string
  /** The topic: `attic/temp_c`. */
  readonly select: string
  /** Duration of one character, ms. */
  readonly frame: number
  /** What devices are called, by address: the topics of these only. @default all, each by its own name */
  readonly devices?: Readonly<Record<string, string>>
}

/**
 * Writes what was heard on a topic as a marble diagram that passes as it is; `-` is standard output. Resolves to the exit code:
 * 0 written, 1 nothing was heard there, 3 something cannot be read, drawn or written.
 */
export function marbleOfCapture(file: string | undefined, options: HeardOptions): number {
  const { from } = options
  const text = file ?? from.replace(/(\.\w+)?$/, '.txt')
  try {
    const readings = decodedReadings(options) ?? capturedReadings(options)
    const heard = readings.filter(({ reading }) => reading.destination === options.select)
    if (heard.length === 0) {
      const topics = new Set(readings.map(({ reading }) => reading.destination))
      console.error(
        `${from}: nothing was heard on ${options.select}, but on ${nearestOf(topics, options.select)}`,
      )
      return 1
    }
    const diagram = drawn(heard, options)
    if (text === '-') process.stdout.write(diagram)
    else writeFileSync(text, diagram, { flag: 'wx' })
    return 0
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    console.error(
      code === 'EEXIST'
        ? `${text} exists already: name another file.`
        : `${from} cannot be drawn: ${code === undefined ? message : fileFault(error)}`,
    )
    return 3
  }
}

interface Heard {
  /** Since the first advertisement, ms. */
  readonly at: number
  readonly reading: Reading
}

/** The topics that somebody may have meant, the nearest first. */
function nearestOf(topics: ReadonlySet<string>, select: string): string {
  const sorted = [...topics].sort((one, other) => distance(one, select) - distance(other, select))
  const others = sorted.length - mostNamed
  return sorted.length === 0
    ? 'no topic at all'
    : sorted.slice(0, mostNamed).join(', ') + (others > 0 ? ` and ${others} others` : '')
}

const mostNamed = 8

/** A line that `decode` prints. */
type Decoded = Measurement & {
  readonly at?: string
  readonly address: string
  readonly name?: string
  readonly rssi?: number
}

/** All readings in what `decode` has printed, without their digits, which it does not print; nothing where a file is something else. */
function decodedReadings({ from, devices }: HeardOptions): Heard[] | undefined {
  const bytes = readFileSync(from)
  if (!/^\{(?=.*"address":).*"(?:model|ignored)":/.test(bytes.toString('latin1', 0, 4096))) return undefined
  const deviceOf = devicesBelow('', devices)
  let begin: number | undefined
  let now = 0
  return bytes
    .toString()
    .split('\n')
    .flatMap((line, index) => {
      if (line.trim() === '') return []
      const { at: time, name, rssi, ...measurement } = parsed(line, `line ${index + 1}`)
      const { address, model, ignored } = measurement
      const at = Date.parse(time ?? '')
      if (!Number.isNaN(at)) {
        begin ??= at
        now = Math.max(now, at - begin)
      }
      const heard = {
        address,
        ...(name !== undefined && { localName: name }),
        ...(rssi !== undefined && { rssi }),
      }
      const device = ignored ? undefined : deviceOf({ ...heard, ...noRecords }, model)
      if (!device) return []
      const report = { ...heard, device: device.prefix.replace(/^\//, ''), model, measurement }
      return readingsOf(report).map((reading) => ({ at: now, reading }))
    })
}

const noRecords = { serviceUuids: [], manufacturerData: [], serviceData: [] }

function parsed(line: string, place: string): Decoded {
  try {
    return JSON.parse(line) as Decoded
  } catch {
    throw new Error(`expected an object such as decode prints in ${place}, got ${quoteText(line)}`)
  }
}

/** All readings of a capture, in virtual time. */
function capturedReadings({ from, devices }: HeardOptions): Heard[] {
  const heard: Heard[] = []
  let fault: unknown
  new TestScheduler(() => undefined).run(() => {
    bleSensor(capture(from), { destination: 'heard', ...(devices && { devices }) }).subscribe({
      next: (reading) =>
        heard.push({
          at: asyncScheduler.now(),
          reading: { ...reading, destination: reading.destination.replace(/^heard\//, '') },
        }),
      error: (error: unknown) => (fault = error),
    })
  })
  if (fault !== undefined) throw fault as Error
  return heard
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** Throws an Error when it takes more letters than there are, or when a value is of several words. */
function drawn(heard: readonly Heard[], { from, select, frame }: HeardOptions): string {
  const frames = new Map(heard.map(({ at, reading }) => [Math.floor(at / frame), payload(reading)]))
  const values = [...new Set(frames.values())]
  const words = values.find((value) => /\s/.test(value))
  if (words !== undefined) throw new Error(`expected values of one word, got "${words}"`)
  if (values.length > letters.length)
    throw new Error(
      `expected at most ${letters.length} values, one for each letter, got ${values.length}: take a longer --frame, or a part of the capture`,
    )
  const letterOf = (value: string) => letters[values.indexOf(value)] ?? '-'
  const last = Math.max(...frames.keys())
  const marbles = Array.from({ length: last + 2 }, (_, at) => letterOf(frames.get(at) ?? '')).join('')
  const stream = (title: string) =>
    [marbles, `title = ${title}`, ...values.map((value) => `${letterOf(value)} := ${select} ${value}`)].join(
      '\n',
    )
  return `% What was heard on ${select}, in ${basename(from)}.
% Of several readings in a character the last one is drawn. Below: put what is to come out of what you test.

${stream('heard')}

> same
frame = ${durationText(frame)}

${stream('expected')}
`
}
