import { test } from 'node:test'
import { map } from 'rxjs'
import { advertisement, diagram, fakeBroker, marbles } from 'sensor-reporter/testing'
import { goveeSensor, report } from 'sensor-reporter'

const doubled = `% Twice as much.

-a-|
a := 1

> doubled

-b-|
b := ${process.env.TWICE}
`

test('a diagram', () =>
  diagram(doubled, { doubled: (numbers$) => numbers$.pipe(map((number) => number * 2)) }))

test('a pipeline from the air to the broker', () =>
  marbles(({ hot, expectObservable }) => {
    const air = '      -c-----'
    const published = '-(tfbr)'
    const broker = fakeBroker({ rootTopic: 'home' })
    const cold = advertisement({ model: 'H5108', temperature: -7.3, rssi: -61 })
    const sensor = goveeSensor(hot(air, { c: cold }), { destination: 'govee' })
    report({ sensors: [sensor], connections: [broker.connection] }).subscribe()
    const messages$ = broker.published$.pipe(map(({ topic, payload }) => `${topic} ${payload}`))
    expectObservable(messages$).toBe(published, {
      t: 'home/govee/GV51082233/temp_c -7.3',
      f: 'home/govee/GV51082233/temp_f 18.9',
      b: 'home/govee/GV51082233/battery 100',
      r: 'home/govee/GV51082233/rssi -61',
    })
  }))
