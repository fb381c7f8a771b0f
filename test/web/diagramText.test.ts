import { describe, expect, it } from 'vitest'
import { parseDiagram } from '../../src/testing/parseDiagram.js'
import { diagramText } from '../../src/web/page/diagramText.js'
import { ageText, labelOf, numberText } from '../../src/web/page/words.js'

const at = (seconds: number, text: string, topic = 'attic/temp_c') => ({ topic, text, at: seconds * 1000 })

describe('the text of a diagram', () => {
  it('has what came when it came, what came together in a group, and an operator that lets all pass', () => {
    const text = diagramText('attic', [at(0, '21'), at(0, '48', 'attic/humi'), at(20, '22'), at(40, '21')])
    const line = `-(ab)${'-'.repeat(16)}c${'-'.repeat(19)}a--`
    const values = 'a := attic/temp_c 21\nb := attic/humi 48\nc := attic/temp_c 22'
    expect(text).toBe(
      `% attic as it was heard.\n\n${line}\ntitle = attic\n${values}\n\n> identity\nframe = 1 s\n\n${line}\ntitle = expected\n${values}\n`,
    )
  })

  it.each([
    ['nothing', []],
    ['texts of several words, and none', [at(0, 'good morning'), at(1, ''), at(2, 'a\nb')]],
    ['names that are not of this world', [at(0, '<img src=x>', 'the attic/\u202eevil topic')]],
    ['more values than there are letters', Array.from({ length: 300 }, (_, n) => at(n, `${n}`))],
    ['a thousand at once', Array.from({ length: 1000 }, (_, n) => at(0, `${n % 7}`))],
    ['a day', [at(0, '1'), at(86_400, '2')]],
  ])('can be read of %s', (_, marbles) => {
    const { inputs, expected, frame } = parseDiagram(diagramText('the attic', marbles))
    expect(inputs[0]?.marbles).toBe(expected.marbles)
    expect(Object.keys(expected.values).length).toBeLessThanOrEqual(52)
    expect(frame).toBeGreaterThanOrEqual(100)
  })
})

describe('the words of the page', () => {
  it('are those of the browser’s language for numbers, with the digits that were said', () => {
    expect([numberText('21.50', 'de-DE'), numberText('1234.5', 'en-US'), numberText('ON', 'de-DE')]).toEqual([
      '21,50',
      '1234.5',
      'ON',
    ])
  })

  it('call quantities as people do', () => {
    const of = (name: string, unit = '', part?: string) => labelOf({ name, unit, ...(part && { part }) })
    expect([
      of('temperature_c', '°C'),
      of('co2', 'ppm'),
      of('pressure_hpa', 'hPa'),
      of('temperature_c_2', '°C'),
      of('temperature_c', '°C', 'probe1'),
      of('button0'),
      of('constructor'),
      of('evil\u202eeman'),
    ]).toEqual([
      'Temperature',
      'CO₂',
      'Pressure',
      'Temperature 2',
      'Probe 1 temperature',
      'Button 0',
      'Constructor',
      'Evil�eman',
    ])
  })

  it('say how long ago something was', () => {
    expect([0, 12_000, 200_000, 7_200_000, 200_000_000].map(ageText)).toEqual([
      'now',
      '12 s',
      '3 min',
      '2 h',
      '2 d',
    ])
  })
})
