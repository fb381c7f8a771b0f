import {
  concatWith,
  delay,
  dematerialize,
  distinct,
  ignoreElements,
  map,
  merge,
  mergeMap,
  NEVER,
  type Observable,
  of,
  scan,
  timer,
} from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { describe, expect, it } from 'vitest'
import type { Sensor } from '../../src/model.js'
import { diagrams, type Expressions } from '../../src/testing/diagrams.js'

const lines = (...texts: string[]) => texts.join('\n')

/** The error of a diagram in rain.txt that fails. */
function failure(text: string, expressions: object): Error {
  try {
    for (const { run } of diagrams({ 'rain.txt': text }, expressions as Expressions)) run()
  } catch (error) {
    return error as Error
  }
  return new Error('it passed')
}

const rain = (value: number) => ({ destination: 'rain', value })

const broken = new Error('no adapter')

const same = (source$: Observable<unknown>) => source$

/** An expression out of which comes what is drawn, whatever goes in. */
const shows =
  (marbles: string, values?: object) =>
  (...inputs: Observable<unknown>[]) => {
    const messages = TestScheduler.parseMarbles(marbles, values, broken, false, true)
    const shown = messages.map(({ frame, notification }) => timer(frame).pipe(map(() => notification)))
    const taken = inputs.map((input$) => input$.pipe(ignoreElements()))
    return merge(...taken, ...shown).pipe(concatWith(NEVER), dematerialize())
  }

/** Whole texts: what is said of a diagram is all that its author has. */
describe('a diagram that fails says', () => {
  it.each([
    [
      'another reading, in the letters of the author',
      lines(
        '-t--t----',
        'title = tips',
        '',
        '> op',
        '',
        '-o--x----',
        'title = rain',
        'o := rain 0.3',
        'x := rain 0.6',
      ),
      { op: shows('-o--o----', { o: rain(0.3) }) },
      lines(
        'rain.txt:6: The marbles of "rain" differ at frame 4: another value: expected x, got o (value is 0.3 instead of 0.6)',
        '  expected  -o--x',
        '  actual    -o--o',
        '                ^',
        "  o = { destination: 'rain', value: 0.3 }",
        "  x = { destination: 'rain', value: 0.6 }",
      ),
    ],
    [
      'a reading that nobody named: it gets a letter that is free',
      lines(
        '-t--t----',
        'title = tips',
        '',
        '> op',
        '',
        '-a--b----',
        'title = rain',
        'a := rain 0.3',
        'b := rain 0.6',
      ),
      { op: shows('-a--b----', { a: rain(0.3), b: rain(0.9) }) },
      lines(
        'rain.txt:6: The marbles of "rain" differ at frame 4: another value: expected b, got c (value is 0.9 instead of 0.6)',
        '  expected  -a--b',
        '  actual    -a--c',
        '                ^',
        "  a = { destination: 'rain', value: 0.3 }",
        "  b = { destination: 'rain', value: 0.6 }",
        "  c = { destination: 'rain', value: 0.9 }",
      ),
    ],
    [
      'a reading that the author named in a source',
      lines(
        '-c-------',
        'title = tips',
        'c := rain 0.9',
        '',
        '> op',
        '',
        '-a-------',
        'title = rain',
        'a := rain 0.3',
      ),
      { op: shows('-a-------', { a: rain(0.9) }) },
      lines(
        'rain.txt:7: The marbles of "rain" differ at frame 1: another value: expected a, got c (value is 0.9 instead of 0.3)',
        '  expected  -a',
        '  actual    -c',
        '             ^',
        "  a = { destination: 'rain', value: 0.3 }",
        "  c = { destination: 'rain', value: 0.9 }",
      ),
    ],
    [
      'another value',
      lines('-t--t----', 'title = tips', '', '> op', '', '-o--x----', 'title = rain', 'o := ON', 'x := OFF'),
      { op: shows('-o--o----', { o: 'ON' }) },
      lines(
        `rain.txt:6: The marbles of "rain" differ at frame 4: another value: expected x ('OFF'), got o ('ON')`,
        '  expected  -o--x',
        '  actual    -o--o',
        '                ^',
        "  o = 'ON'",
        "  x = 'OFF'",
      ),
    ],
    [
      'a letter that stands for itself',
      lines('-a-b-', '', '> op', '', '-a-b-'),
      { op: shows('-a-c-') },
      lines(
        'rain.txt:5: The marbles differ at frame 3: another value: expected b, got c',
        '  expected  -a-b',
        '  actual    -a-c',
        '               ^',
      ),
    ],
    [
      'a value that is the letter of another one',
      lines('-t-', '', '> op', '', '-a-', 'a := 1'),
      { op: shows('-a-') },
      lines(
        "rain.txt:5: The marbles differ at frame 1: another value: expected a (1), got b ('a')",
        '  expected  -a',
        '  actual    -b',
        '             ^',
        '  a = 1',
        "  b = 'a'",
      ),
    ],
    [
      'two letters for one value: the one that is drawn',
      lines(
        '-t--t----',
        'title = tips',
        '',
        '> op',
        '',
        '-a--o--x-',
        'title = rain',
        'a := rain 0.3',
        'o := rain 0.3',
        'x := rain 0.6',
      ),
      { op: shows('-a--o--a-', { a: rain(0.3), o: rain(0.3) }) },
      lines(
        'rain.txt:6: The marbles of "rain" differ at frame 7: another value: expected x, got a (value is 0.3 instead of 0.6)',
        '  expected  -a--o--x',
        '  actual    -a--o--a',
        '                   ^',
        "  a = { destination: 'rain', value: 0.3 }",
        "  o = { destination: 'rain', value: 0.3 }",
        "  x = { destination: 'rain', value: 0.6 }",
      ),
    ],
    [
      'a value of another type',
      lines('-t-', '', '> op', '', '-a-', 'a := 21'),
      { op: shows('-a-', { a: '21' }) },
      lines(
        "rain.txt:5: The marbles differ at frame 1: another value: expected a (21), got b ('21')",
        '  expected  -a',
        '  actual    -b',
        '             ^',
        '  a = 21',
        "  b = '21'",
      ),
    ],
    [
      'a value that is late',
      lines(
        '-t--t----',
        'title = tips',
        '',
        '> op',
        '',
        '-o--x----',
        'title = rain',
        'o := rain 0.3',
        'x := rain 0.6',
      ),
      { op: shows('-o---x---', { o: rain(0.3), x: rain(0.6) }) },
      lines(
        'rain.txt:6: The marbles of "rain" differ at frame 4: right value, 1 frame late',
        '  expected  -o--x',
        '  actual    -o---x',
        '                ^',
        "  o = { destination: 'rain', value: 0.3 }",
        "  x = { destination: 'rain', value: 0.6 }",
      ),
    ],
    [
      'a value that is early',
      lines(
        '-t--t----',
        'title = tips',
        '',
        '> op',
        '',
        '-o----x--',
        'title = rain',
        'o := rain 0.3',
        'x := rain 0.6',
      ),
      { op: shows('-o--x----', { o: rain(0.3), x: rain(0.6) }) },
      lines(
        'rain.txt:6: The marbles of "rain" differ at frame 4: right value, 2 frames early',
        '  expected  -o----x',
        '  actual    -o--x',
        '                ^',
        "  o = { destination: 'rain', value: 0.3 }",
        "  x = { destination: 'rain', value: 0.6 }",
      ),
    ],
    [
      'a value that is late by less than a frame',
      lines(
        '-t--t----',
        'title = tips',
        '',
        '> op',
        'frame = 10 min',
        '',
        '-o--x----',
        'title = rain',
        'o := rain 0.3',
        'x := rain 0.6',
      ),
      {
        op: (tips$: Observable<string>) =>
          tips$.pipe(
            scan((sum) => sum + 3, 0),
            map((sum) => rain(sum / 10)),
            delay(1),
          ),
      },
      lines(
        'rain.txt:7: The marbles of "rain" differ at frame 1: right value, 1 ms late',
        '  expected  -o---x',
        '  actual    --o---x',
        '             ^',
        "  o = { destination: 'rain', value: 0.3 }",
        "  x = { destination: 'rain', value: 0.6 }",
      ),
    ],
    [
      'a value that is late by one and a half frames',
      lines(
        '-t--t----',
        'title = tips',
        '',
        '> op',
        'frame = 1 min',
        '',
        '-o--x----',
        'title = rain',
        'o := rain 0.3',
        'x := rain 0.6',
      ),
      {
        op: (tips$: Observable<string>) =>
          tips$.pipe(
            scan((sum) => sum + 3, 0),
            map((sum) => rain(sum / 10)),
            delay(90_000),
          ),
      },
      lines(
        'rain.txt:7: The marbles of "rain" differ at frame 1: right value, 90 s late',
        '  expected  -o--x',
        '  actual    ---o--x',
        '             ^',
        "  o = { destination: 'rain', value: 0.3 }",
        "  x = { destination: 'rain', value: 0.6 }",
      ),
    ],
    [
      'a value that is missing',
      lines(
        '-t--t----',
        'title = tips',
        '',
        '> op',
        '',
        '-o--x----',
        'title = rain',
        'o := rain 0.3',
        'x := rain 0.6',
      ),
      { op: shows('-o-------', { o: rain(0.3) }) },
      lines(
        'rain.txt:6: The marbles of "rain" differ at frame 4: x is missing',
        '  expected  -o--x',
        '  actual    -o',
        '                ^',
        "  o = { destination: 'rain', value: 0.3 }",
        "  x = { destination: 'rain', value: 0.6 }",
      ),
    ],
    [
      'the first of two that is missing',
      lines(
        '-t--t----',
        'title = tips',
        '',
        '> op',
        '',
        '-o--x----',
        'title = rain',
        'o := rain 0.3',
        'x := rain 0.6',
      ),
      { op: shows('----x----', { x: rain(0.6) }) },
      lines(
        'rain.txt:6: The marbles of "rain" differ at frame 1: o is missing',
        '  expected  -o--x',
        '  actual    ----x',
        '             ^',
        "  o = { destination: 'rain', value: 0.3 }",
        "  x = { destination: 'rain', value: 0.6 }",
      ),
    ],
    [
      'one of two at once that is missing',
      lines(
        '-t--t----',
        'title = tips',
        '',
        '> op',
        '',
        '-(ox)----',
        'title = rain',
        'o := rain 0.3',
        'x := rain 0.6',
      ),
      { op: shows('-x-------', { x: rain(0.6) }) },
      lines(
        'rain.txt:6: The marbles of "rain" differ at frame 1: o is missing',
        '  expected  -(ox)',
        '  actual    -x',
        '             ^',
        "  o = { destination: 'rain', value: 0.3 }",
        "  x = { destination: 'rain', value: 0.6 }",
      ),
    ],
    [
      'a value too many',
      lines('-t--t----', 'title = tips', '', '> op', '', '-o-------', 'title = rain', 'o := rain 0.3'),
      { op: shows('-o--o----', { o: rain(0.3) }) },
      lines(
        'rain.txt:6: The marbles of "rain" differ at frame 4: o is one too many',
        '  expected  -o',
        '  actual    -o--o',
        '                ^',
        "  o = { destination: 'rain', value: 0.3 }",
      ),
    ],
    [
      'one too many of those that come at once',
      lines('-t-', '', '> op', '', '-(ab)-'),
      { op: shows('-(abc)-') },
      lines(
        'rain.txt:5: The marbles differ at frame 1: c is one too many',
        '  expected  -(ab)',
        '  actual    -(abc)',
        '                ^',
      ),
    ],
    [
      'nothing at all',
      lines('-t-', '', '> op', '', '-a|'),
      { op: shows('---') },
      lines(
        'rain.txt:5: The marbles differ at frame 1: a is missing',
        '  expected  -a|',
        '  actual    -',
        '             ^',
      ),
    ],
    [
      'a value between two frames',
      lines('-t--t----', 'title = tips', '', '> op', 'frame = 1 min', '', '---------', 'title = rain'),
      {
        op: (tips$: Sensor) => merge(tips$.pipe(ignoreElements()), timer(90_000).pipe(map(() => rain(0.9)))),
      },
      lines(
        'rain.txt:7: The marbles of "rain" differ at frame 1 + 30 s: a is one too many',
        '  expected  -',
        '  actual    --a',
        '              ^',
        "  a = { destination: 'rain', value: 0.9 }",
      ),
    ],
    [
      'completion that is missing',
      lines('-t-', '', '> op', '', '-a-|'),
      { op: shows('-a---') },
      lines(
        'rain.txt:5: The marbles differ at frame 3: it does not complete',
        '  expected  -a-|',
        '  actual    -a',
        '               ^',
      ),
    ],
    [
      'completion that is late',
      lines('-t-', '', '> op', '', '-a|--'),
      { op: shows('-a--|') },
      lines(
        'rain.txt:5: The marbles differ at frame 2: it completes 2 frames late',
        '  expected  -a|',
        '  actual    -a--|',
        '              ^',
      ),
    ],
    [
      'completion that is early',
      lines('-t-', '', '> op', '', '-a--|'),
      { op: shows('-a|') },
      lines(
        'rain.txt:5: The marbles differ at frame 2: it completes 2 frames early',
        '  expected  -a--|',
        '  actual    -a|',
        '              ^',
      ),
    ],
    [
      'completion that is not drawn',
      lines('-t-', '', '> op', '', '-a---'),
      { op: shows('-a-|') },
      lines(
        'rain.txt:5: The marbles differ at frame 3: it completes too early',
        '  expected  -a',
        '  actual    -a-|',
        '               ^',
      ),
    ],
    [
      'a failure that is not drawn',
      lines('-t-', '', '> op', '', '-a---'),
      { op: shows('-a-#') },
      lines(
        'rain.txt:5: The marbles differ at frame 3: it fails',
        '  expected  -a',
        '  actual    -a-#',
        '               ^',
        '  # actual = Error: no adapter',
      ),
    ],
    [
      'a failure in place of completion',
      lines('-t-', '', '> op', '', '-a-|'),
      { op: shows('-a-#') },
      lines(
        'rain.txt:5: The marbles differ at frame 3: it fails',
        '  expected  -a-|',
        '  actual    -a-#',
        '               ^',
        '  # actual = Error: no adapter',
      ),
    ],
    [
      'completion in place of a failure',
      lines('-t-', '', '> op', '', '-a-#'),
      { op: shows('-a-|') },
      lines(
        'rain.txt:5: The marbles differ at frame 3: it does not fail',
        '  expected  -a-#',
        '  actual    -a-|',
        '               ^',
      ),
    ],
    [
      'a failure that is missing',
      lines('-t-', '', '> op', '', '-a-#'),
      { op: shows('-a---') },
      lines(
        'rain.txt:5: The marbles differ at frame 3: it does not fail',
        '  expected  -a-#',
        '  actual    -a',
        '               ^',
      ),
    ],
    [
      'a failure that is early',
      lines('-t-', '', '> op', '', '-a-#'),
      { op: shows('-a#') },
      lines(
        'rain.txt:5: The marbles differ at frame 2: right error, 1 frame early',
        '  expected  -a-#',
        '  actual    -a#',
        '              ^',
        '  # actual = Error: no adapter',
      ),
    ],
  ])('of what comes out: %s', (_, text, expressions: object, says) =>
    expect(failure(text, expressions).message).toBe(says),
  )

  it.each([
    [
      'an indented stream too early, when it shows',
      lines(
        '-a-------',
        'title = tips',
        '',
        '   -b-',
        'title = late',
        '',
        '> op',
        '',
        '----b-',
        'title = rain',
      ),
      { op: (_: Sensor, late$: Sensor) => late$ },
      lines(
        'rain.txt:1: expected "tips" to be subscribed to before frame 1, for it is hot; got never',
        'rain.txt:4: expected "late" to be subscribed to at frame 3, where it begins, for an indented stream is cold; got at frame 0',
        'rain.txt:9: The marbles of "rain" differ at frame 1: right value, 3 frames early',
        '  expected  ----b',
        '  actual    -b',
        '             ^',
      ),
    ],
    [
      'an indented stream too early, when it does not show',
      lines(
        '-a-------',
        'title = tips',
        '',
        '   -b-',
        'title = late',
        '',
        '> op',
        '',
        '----b-',
        'title = rain',
      ),
      { op: (_: Sensor, late$: Sensor) => late$.pipe(delay(3)) },
      'rain.txt:4: expected "late" to be subscribed to at frame 3, where it begins, for an indented stream is cold; got at frame 0',
    ],
    [
      'an indented stream never',
      lines(
        '-a-------',
        'title = tips',
        '',
        '   -b-',
        'title = late',
        '',
        '> op',
        '',
        '----b-',
        'title = rain',
      ),
      { op: () => of('b').pipe(delay(4)) },
      lines(
        'rain.txt:1: expected "tips" to be subscribed to before frame 1, for it is hot; got never',
        'rain.txt:4: expected "late" to be subscribed to at frame 3, where it begins, for an indented stream is cold; got never',
        'rain.txt:9: The marbles of "rain" differ at frame 4: it completes too early',
        '  expected  ----b',
        '  actual    ----(b|)',
        '                  ^',
      ),
    ],
    [
      'an indented stream twice',
      lines(
        '-a-------',
        'title = tips',
        '',
        '   -b-',
        'title = late',
        '',
        '> op',
        '',
        '----b-',
        'title = rain',
      ),
      {
        op: (tips$: Sensor, late$: Sensor) =>
          tips$.pipe(
            delay(2),
            mergeMap(() => merge(late$, late$)),
            distinct(),
          ),
      },
      'rain.txt:4: expected "late" to be subscribed to at frame 3, where it begins, for an indented stream is cold; got at frame 3, 3',
    ],
    [
      'a stream of the first column too late',
      lines('-t--t----', 'title = tips', '', '> op', '', '-t--t----', 'title = rain'),
      { op: (tips$: Sensor) => timer(2).pipe(mergeMap(() => tips$)) },
      lines(
        'rain.txt:1: expected "tips" to be subscribed to before frame 1, for it is hot; got at frame 2',
        'rain.txt:6: The marbles of "rain" differ at frame 1: t is missing',
        '  expected  -t--t',
        '  actual    ----t',
        '             ^',
      ),
    ],
    [
      'a stream of the first column never',
      lines('-t--t----', 'title = tips', '', '> op', '', '-t--t----', 'title = rain'),
      { op: () => NEVER },
      lines(
        'rain.txt:1: expected "tips" to be subscribed to before frame 1, for it is hot; got never',
        'rain.txt:6: The marbles of "rain" differ at frame 1: t is missing',
        '  expected  -t--t',
        '  actual    -',
        '             ^',
      ),
    ],
  ])('of the time when a stream is subscribed to: %s', (_, text, expressions: object, says) =>
    expect(failure(text, expressions).message).toBe(says),
  )

  it.each([
    [
      'an expression that lacks its return',
      lines('-a-', '', '> op', '', '-a-'),
      { op: () => undefined },
      'rain.txt:3: expected "op" to return an Observable, got undefined: does it lack a return?',
    ],
    [
      'an expression that is async',
      lines('-a-', '', '> op', '', '-a-'),
      { op: () => Promise.resolve() },
      'rain.txt:3: expected "op" to return an Observable, got a Promise: it must return at once',
    ],
    [
      'an expression that is an operator',
      lines('-a-', '', '> op', '', '-a-'),
      { op: () => map(String) },
      'rain.txt:3: expected "op" to return an Observable, got a function: is it an operator that nothing goes through?',
    ],
    [
      'an expression that returns a value',
      lines('-a-', '', '> op', '', '-a-'),
      { op: () => 21 },
      'rain.txt:3: expected "op" to return an Observable, got 21',
    ],
    [
      'an expression that throws',
      lines('-a-', '', '> op', '', '-a-'),
      {
        op: () => {
          throw new RangeError('no such pin')
        },
      },
      'rain.txt:3: expected "op" to return an Observable, but it threw RangeError: no such pin',
    ],
    [
      'what is no function',
      lines('-a-', '', '> op', '', '-a-'),
      { op: 21 },
      'rain.txt:3: expected a function for "op", got 21',
    ],
  ])('of what is to be run: %s', (_, text, expressions: object, says) =>
    expect(failure(text, expressions).message).toBe(says),
  )

  it.each([
    [
      'a key that is missing',
      lines('-a-', '', '> rain()', '', '-a-'),
      {},
      'rain.txt:3: there is no expression with the key "rain()"',
    ],
    [
      'a key that is left over',
      lines('-a-', '', '> rain()', '', '-a-'),
      { 'rain()': same, snow: same },
      'no diagram says "> snow"',
    ],
    [
      'a key that is misspelt',
      lines('-a-', '', '> rain()', '', '-a-'),
      { 'rian()': same },
      lines(
        'rain.txt:3: there is no expression with the key "rain()", did you mean "rian()"?',
        'no diagram says "> rian()", did you mean "rain()"?',
      ),
    ],
    [
      'a key that every object has',
      lines('-a-', '', '> toString', '', '-a-'),
      {},
      'rain.txt:3: there is no expression with the key "toString"',
    ],
  ])('of its key: %s', (_, text, expressions: object, says) =>
    expect(failure(text, expressions).message).toBe(says),
  )

  it.each([
    [
      'an empty text',
      '\n',
      'rain.txt:2: expected streams, then "> operator", then one stream, with empty lines between them, got no line that begins with ">"',
    ],
    [
      'no operator',
      '-a-\n\n-a-',
      'rain.txt:3: expected streams, then "> operator", then one stream, with empty lines between them, got no line that begins with ">"',
    ],
    [
      'no stream above the operator',
      '% Nothing.\n\n> op\n\n-a-',
      'rain.txt:3: expected streams, then "> operator", then one stream, with empty lines between them, got no stream above ">"',
    ],
    [
      'no stream below the operator',
      '-a-\n\n> op\n',
      'rain.txt:4: expected streams, then "> operator", then one stream, with empty lines between them, got no stream below ">"',
    ],
    [
      'two streams below the operator',
      '-a-\n\n> op\n\n-a-\n\n-b-',
      'rain.txt:7: expected one stream below ">", got another one: "-b-"',
    ],
    [
      'two operators',
      '-a-\n\n> op\n\n> op\n\n-b-',
      'rain.txt:7: expected one stream below ">", got another one: "-b-"',
    ],
    [
      'an operator without a key',
      '-a-\n\n>\n\n-a-',
      'rain.txt:3: expected the key of an expression after ">", got none',
    ],
    [
      'an operator without an empty line above',
      '-a-\n> op\n\n-a-',
      'rain.txt:2: expected ">" in the first column, below an empty line, got "> op"',
    ],
    [
      'an operator that is indented',
      '-a-\n\n  > op\n\n-a-',
      'rain.txt:3: expected ">" in the first column, below an empty line, got "> op"',
    ],
    [
      'a stream without an empty line above',
      '-a-\n\n> op\n-a-',
      'rain.txt:4: expected "frame = 10 min" or an empty line below "> op", got "-a-"',
    ],
    [
      'an option that is misspelt',
      '-a-\n\n> op\nfram = 60000\n\n-a-',
      'rain.txt:4: expected "frame = 10 min" or an empty line below "> op", got "fram = 60000", did you mean frame?',
    ],
    [
      'an option that there is not',
      '-a-\n\n> op\nhello\n\n-a-',
      'rain.txt:4: expected "frame = 10 min" or an empty line below "> op", got "hello"',
    ],
    [
      'a frame that is no duration',
      '-a-\n\n> op\nframe = a minute\n\n-a-',
      'rain.txt:4: expected a duration such as "frame = 10 min" (ms, s, min or h; 1 ms or longer), got "frame = a minute"',
    ],
    [
      'a negative frame',
      '-a-\n\n> op\nframe = -5\n\n-a-',
      'rain.txt:4: expected a duration such as "frame = 10 min" (ms, s, min or h; 1 ms or longer), got "frame = -5"',
    ],
    [
      'a frame of nothing',
      '-a-\n\n> op\nframe = 0\n\n-a-',
      'rain.txt:4: expected a duration such as "frame = 10 min" (ms, s, min or h; 1 ms or longer), got "frame = 0"',
    ],
    [
      'a frame without a value',
      '-a-\n\n> op\nframe\n\n-a-',
      'rain.txt:4: expected a duration such as "frame = 10 min" (ms, s, min or h; 1 ms or longer), got "frame"',
    ],
    [
      'two frames',
      '-a-\n\n> op\nframe = 1 s\nframe = 2 s\n\n-a-',
      'rain.txt:5: expected one frame, got a second one: "frame = 2 s"',
    ],
    [
      'marbles that Swirly does not know',
      '-a 10s\n\n> op\n\n-a-',
      'rain.txt:1: expected marbles made of letters and - | # ( ), got "-a 10s"',
    ],
    [
      'a stream that is indented by a tab',
      '\t-a-\n\n> op\n\n-a-',
      'rain.txt:1: expected marbles made of letters and - | # ( ), got "\\t-a-"',
    ],
    [
      'a group that is not closed',
      '-(ab-\n\n> op\n\n-a-',
      'rain.txt:1: expected groups such as (ab), each closed, of at least one letter and without dashes, got "-(ab-"',
    ],
    [
      'a group that is not opened',
      '-ab)-\n\n> op\n\n-a-',
      'rain.txt:1: expected groups such as (ab), each closed, of at least one letter and without dashes, got "-ab)-"',
    ],
    [
      'an empty group',
      '-()-\n\n> op\n\n-a-',
      'rain.txt:1: expected groups such as (ab), each closed, of at least one letter and without dashes, got "-()-"',
    ],
    [
      'time in a group',
      '-(a-b)-\n\n> op\n\n-a-',
      'rain.txt:1: expected groups such as (ab), each closed, of at least one letter and without dashes, got "-(a-b)-"',
    ],
    [
      'a group in a group',
      '-(a(b))-\n\n> op\n\n-a-',
      'rain.txt:1: expected groups such as (ab), each closed, of at least one letter and without dashes, got "-(a(b))-"',
    ],
    [
      'marbles after completion',
      '-a|b-\n\n> op\n\n-a-',
      'rain.txt:1: expected nothing but dashes after | or #, got "-a|b-"',
    ],
    [
      'marbles after a failure',
      '-a-\n\n> op\n\n-(a#b)-',
      'rain.txt:5: expected nothing but dashes after | or #, got "-(a#b)-"',
    ],
    [
      'a line that is neither title nor value',
      '-a-\na = 1\n\n> op\n\n-a-',
      'rain.txt:2: expected "title = words", "a := value" or an empty line below -a-, got "a = 1"',
    ],
    [
      'an empty title',
      '-a-\ntitle =\n\n> op\n\n-a-',
      'rain.txt:2: expected "title = words", "a := value" or an empty line below -a-, got "title ="',
    ],
    [
      'two titles',
      '-a-\ntitle = one\ntitle = two\n\n> op\n\n-a-',
      'rain.txt:3: expected one title, got a second one: "title = two"',
    ],
    [
      'a title for some streams only',
      '-a-\ntitle = one\n\n> op\n\n-a-',
      'rain.txt:6: expected a title of -a-, as of the others',
    ],
    [
      'a letter that has two values',
      '-a-\na := 1\na := 2\n\n> op\n\n-a-',
      'rain.txt:3: expected one value of a, got a second one: "a := 2"',
    ],
    [
      'a letter that is not drawn',
      '-a-\na := 1\nb := 2\n\n> op\n\n-a-',
      'rain.txt:3: expected a letter of -a-, got "b := 2"',
    ],
    [
      'a letter without a value beside one that has a value',
      '-a-b-\na := 1\n\n> op\n\n-a-',
      'rain.txt:1: expected "b := value" below -a-b-, as of its other letters',
    ],
    [
      'a value of three words',
      '-a-\na := the attic 1\n\n> op\n\n-a-',
      'rain.txt:2: expected "a := value" or "a := destination value", got "a := the attic 1"',
    ],
    [
      'an indented result',
      '-a-\n\n> op\n\n -a-',
      'rain.txt:5: expected what comes out to begin in the first column, got spaces before: "-a-"',
    ],
  ])('of its text: %s', (_, text, says) => expect(failure(text, { op: same }).message).toBe(says))

  it('of an error what it was, as its cause', () => {
    expect(failure('-\n\n> op\n\n-', { op: shows('#') }).cause).toBe(broken)
    expect(
      failure('-\n\n> op\n\n-', {
        op: () => {
          throw broken
        },
      }).cause,
    ).toBe(broken)
  })
})
