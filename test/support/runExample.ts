import { fileURLToPath } from 'node:url'
import { readFileSync } from 'node:fs'
import { finalize, NEVER, Subject } from 'rxjs'
import { onTestFinished } from 'vitest'
import { load } from '../../src/config/load.js'
import { simulatedGpio, type Wire } from '../../src/gpio/simulatedGpio.js'
import type { Advertisement } from '../../src/radio/advertisement.js'
import { report } from '../../src/report.js'
import { journal } from './journal.js'
import { recordedLog } from './recordedLog.js'

/** Every example is there twice, and both are to do the same. */
export const languages = ['ini', 'yml'] as const

export type Language = (typeof languages)[number]

/**
 * Runs a file of config/examples, against the broker on a port if it needs one, with a simulated radio and GPIO chip; `replace` swaps texts
 * in it, for what the test cannot wait for or has elsewhere. It ends with the test.
 */
export async function runExample(
  name: string,
  port?: number,
  replace: Readonly<Record<string, string>> = {},
  language: Language = 'ini',
) {
  const file = new URL(`../../config/examples/${name}.${language}`, import.meta.url)
  const swaps = { ...(port !== undefined && { 'Port = 1883': `Port = ${port}` }), ...replace }
  const said = (lines: string) =>
    language === 'ini' ? lines : lines.replaceAll(' = ', ': ').replaceAll('\n', '\n  ')
  const text = Object.entries(swaps).reduce(
    (config, swap) => {
      const [old = '', fresh = ''] = swap.map(said)
      if (!config.includes(old)) throw new Error(`expected "${old}" in ${name}.${language}`)
      return config.replace(old, fresh)
    },
    readFileSync(file, 'utf8'),
  )
  return runConfig(text, fileURLToPath(file))
}

/** Runs the text of a configuration, which the name of its file says the language of. It ends with the test. */
export async function runConfig(text: string, file: string) {
  const advertisements$ = new Subject<Advertisement>()
  const wires$ = new Subject<Wire>()
  const driven = journal<string>()
  const { log, lines, until } = recordedLog()
  const { problems, reporter } = await load(text, {
    file,
    env: {},
    radio: () => ({ advertisements$, state$: NEVER }),
    getLogger: () => log,
    gpio: simulatedGpio(wires$, ({ line, level }) => driven.add(`${line} ${level ? 'HIGH' : 'LOW'}`)),
  })
  if (!reporter) throw new Error(`${file} cannot be used: ${JSON.stringify(problems)}`)
  const stop$ = new Subject<void>()
  const ended = journal<string>()
  const subscription = report({ ...reporter, stop$ })
    .pipe(finalize(() => ended.add('ended')))
    .subscribe()
  onTestFinished(() => subscription.unsubscribe())
  return {
    problems: problems.map(({ message }) => message),
    hearPacket: (packet: Advertisement) => advertisements$.next(packet),
    hear: (address: string) =>
      advertisements$.next({ address, serviceUuids: [], serviceData: [], manufacturerData: [] }),
    wire: (line: number, level: 'HIGH' | 'LOW') => wires$.next({ line, level: level === 'HIGH' }),
    driven,
    lines,
    logged: until,
    /** Resolves when it has ended by itself, orderly. */
    stop: () => {
      stop$.next()
      return ended.until(() => true)
    },
  }
}
