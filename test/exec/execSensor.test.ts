import { lastValueFrom, map, take, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { ExecSensor, execSensor } from '../../src/exec/execSensor.js'
import { recordedLog } from '../support/recordedLog.js'
import { missingFile } from './missingFile.js'

/** The first results of a script. */
async function results(script: readonly string[], count: number, period = 10) {
  const { log, lines } = recordedLog()
  const readings$ = execSensor({ destination: 'hello', script, period, maxOutput: 100 }, log)
  const values$ = readings$.pipe(
    map(({ destination, value }) => `${destination} ${value}`),
    take(count),
    toArray(),
  )
  return { lines, values: await lastValueFrom(values$, { defaultValue: [] }) }
}

describe('execSensor', () => {
  it('runs the script at once and then every period', async () => {
    const { values, lines } = await results(['echo', 'Exec', 'hello'], 3, 1000)
    expect(values).toEqual(['hello Exec hello', 'hello Exec hello', 'hello Exec hello'])
    expect(lines).toEqual([])
  })

  it('says ERROR when the script fails, why once, and when it works again', async () => {
    const path = missingFile()
    const script = ['sh', '-c', 'echo x >>"$0"; [ $(wc -l <"$0") -gt 2 ] && echo good', path]
    const { values, lines } = await results(script, 3, 500)
    expect(values).toEqual(['hello ERROR', 'hello ERROR', 'hello good'])
    expect(lines).toEqual([
      'error: the command ended with code 1. The result is ERROR',
      'info: the command works again',
    ])
  })

  it('says ERROR when the script takes as long as the period', async () => {
    const { values, lines } = await results(['sleep', '60'], 2, 200)
    expect(values).toEqual(['hello ERROR', 'hello ERROR'])
    expect(lines).toEqual(['error: the command took longer than 0.2 s and was ended. The result is ERROR'])
  })
})

describe('[Sensor…] exec.exec_sensor.ExecSensor', () => {
  const texts = { Poll: '10', Script: 'echo Exec hello from sensor 1', Destination: 'Hellow' }

  it('reads its parameters', () => {
    expect(ExecSensor.options.parse(texts)).toEqual({
      Poll: 10_000,
      Script: ['echo', 'Exec', 'hello', 'from', 'sensor', '1'],
      Destination: 'Hellow',
      MaxOutput: 65_536,
    })
  })

  it.each([
    ['Poll', '0'],
    ['Script', 'a | b'],
    ['Destination', ''],
    ['MaxOutput', 'all'],
  ])('refuses %s = "%s"', (key, value) => {
    const { error } = ExecSensor.options.safeParse({ ...texts, [key]: value })
    expect(error?.issues.map(({ path }) => path)).toEqual([[key]])
  })
})
