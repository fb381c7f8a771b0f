import { concatWith, EMPTY, lastValueFrom, NEVER, of, ReplaySubject, share, tap, timer } from 'rxjs'
import { loadFile } from '../config/load.js'
import { daemon } from '../daemon.js'
import { formatProblem } from '../fields/problems.js'
import { listen } from './radio.js'
import { consoleLogger } from './terminal.js'

/**
 * Prints what Home Assistant would be told of a configuration, a topic and its document on each line, as `mosquitto_sub -v` does; with a
 * capture also of the devices in it. Starts nothing and connects to nobody. Resolves to the exit code: 1 when the configuration cannot be
 * used, or nobody is to be told; 3 when the capture cannot be read.
 */
export async function discovery(
  file: string,
  { replay }: { readonly replay?: string | undefined },
): Promise<number> {
  const documents = new Map<string, string>()
  const ended$ = new ReplaySubject<void>(1)
  const heard$ = (replay === undefined ? EMPTY : listen({ replay, speed: 'max' }, consoleLogger)).pipe(
    tap({ complete: () => ended$.next() }),
    concatWith(NEVER),
    share(),
  )
  const { problems, reporter } = await loadFile(file, {
    env: process.env,
    radio: () => ({ advertisements$: heard$, state$: NEVER }),
    getLogger: () => consoleLogger,
    announce: (topic, document) => {
      if (document === '') documents.delete(topic)
      else documents.set(topic, document)
    },
  })
  if (!reporter) {
    for (const problem of problems) console.error(formatProblem(file, problem))
    return 1
  }
  try {
    const stop$ = replay === undefined ? timer(0) : ended$
    const running$ = daemon(of(reporter), stop$)
    const listening = heard$.subscribe({ error: () => undefined })
    await lastValueFrom(running$, { defaultValue: undefined })
    listening.unsubscribe()
  } catch (error) {
    console.error((error as Error).message)
    return 3
  }
  for (const [topic, document] of documents) console.log(`${topic} ${document}`)
  if (documents.size > 0) return 0
  console.error(`No connection of ${file} says HomeAssistant = YES: Home Assistant is told nothing.`)
  return 1
}
