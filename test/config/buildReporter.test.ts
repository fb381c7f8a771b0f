import { concat, filter, ignoreElements, map, merge, of, Subject, tap, throwError } from 'rxjs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { classes, type ClassTable } from '../../src/config/classes.js'
import { load, type Loaded } from '../../src/config/load.js'
import type { Command, Reading } from '../../src/model.js'
import { text } from '../../src/fields/fields.js'
import { actuatorPlugin, connectionPlugin, sensorPlugin } from '../../src/plugin/plugin.js'
import { destination } from '../../src/fields/topicFields.js'
import { report } from '../../src/report.js'
import { recordedLog } from '../support/recordedLog.js'
import { check } from './check.js'
import { dummies, environment } from './dummies.js'

/** What the links of a test have been told, and what they are to say. */
function wire() {
  const said$ = new Subject<Command>()
  const sources: Record<string, readonly string[]> = {}
  const told: string[] = []
  const link = (local: boolean) =>
    connectionPlugin({
      summary: 'A connection to the test.',
      ...(local && { local }),
      options: z.object({ Name: text.describe('name') }),
      create: ({ Name }, { commandSources = [] }) => {
        sources[Name] = commandSources
        return (readings$) =>
          merge(
            said$.pipe(filter(({ from }) => from === Name)),
            readings$.pipe(
              filter(({ to }) => to?.includes(Name) ?? true),
              map((reading) => told.push(`${Name}: ${shown(reading)}`)),
              filter((count): count is never => count < 0),
            ),
          )
      },
    })
  const Lamp = actuatorPlugin({
    summary: 'Says what it is told.',
    options: z.object({
      CommandSrc: destination.describe('where commands come from'),
      ToggleCommandSrc: destination.optional().describe('where more come from'),
      ResultsDest: destination.prefault('state').describe('where results go'),
    }),
    sources: ({ CommandSrc, ToggleCommandSrc }) =>
      ToggleCommandSrc === undefined ? [CommandSrc] : [CommandSrc, ToggleCommandSrc],
    create: ({ ResultsDest }) => map(({ payload }) => ({ destination: ResultsDest, value: payload })),
  })
  const Gate = actuatorPlugin({
    summary: 'Speaks to local connections.',
    local: true,
    options: z.object({ InputSrc: destination.describe('where it listens') }),
    sources: ({ InputSrc }) => [InputSrc],
    create: () => map(({ payload }) => ({ destination: 'gate', value: payload })),
  })
  const classes: ClassTable = {
    connections: { Remote: () => Promise.resolve(link(false)), Local: () => Promise.resolve(link(true)) },
    sensors: {},
    actuators: { Lamp: () => Promise.resolve(Lamp), Gate: () => Promise.resolve(Gate) },
  }
  return { said$, sources, told, classes }
}

const shown = ({ destination, value, echo }: Reading) =>
  `${destination} ${String(value)}${echo ? ' (echo)' : ''}`

const remote = '[Connection1]\nClass = Remote\nName = MQTT'
const local = '[Connection2]\nClass = Local\nName = local'
const lamp = (number: number, source: string, more = 'Connection = MQTT,local') =>
  `[Actuator${number}]\nClass = Lamp\nCommandSrc = ${source}\n${more}`

/** Runs a configuration; it ends with the test. */
async function run(...sections: string[]) {
  const { classes, ...ends } = wire()
  const { reporter, problems } = await load([remote, local, ...sections].join('\n'), {
    ...environment,
    classes,
  })
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
  const running = reporter && report(reporter).subscribe({ error: () => undefined })
  onTestFinished(() => running?.unsubscribe())
  return ends
}

const problems = (...sections: string[]) =>
  check([remote, local, ...sections].join('\n'), { classes: wire().classes })

describe('actuators in a configuration', () => {
  it('have their command topics heard by the connections that they name, each once', async () => {
    const { sources } = await run(
      lamp(1, 'a', 'Connection = MQTT'),
      lamp(2, 'b', 'Connection = local\nToggleCommandSrc = c'),
      lamp(3, 'd', ''),
      '[Actuator4]\nClass = Gate\nInputSrc = a\nConnection = MQTT',
    )
    expect(sources).toEqual({ MQTT: ['a', 'd'], local: ['b', 'c', 'd'] })
  })

  it('obey these connections only, and answer these only', async () => {
    const { said$, told } = await run(lamp(1, 'a', 'Connection = MQTT'))
    said$.next({ source: 'a', payload: '1', from: 'MQTT' })
    said$.next({ source: 'a', payload: '2', from: 'local' })
    expect(told).toEqual(['MQTT: state 1'])
  })

  it.each([
    ['once', '', ['1 r', '1 r', '2 r', '1'], ['1', '2', '1']],
    ['not where it was heard before, since it may be the very same', '', ['1', '1 r'], ['1']],
    ['every time with IgnoreRetained = NO', 'IgnoreRetained = NO', ['1 r', '1 r'], ['1', '1']],
    ['never with IgnoreRetained = YES', 'IgnoreRetained = YES', ['1 r', '1'], ['1']],
  ])('obey what was retained %s', async (_, parameter, said, obeyed) => {
    const { said$, told } = await run(lamp(1, 'a', `Connection = MQTT\n${parameter}`))
    for (const [payload = '', retained] of said.map((text) => text.split(' ')))
      said$.next({ source: 'a', payload, from: 'MQTT', ...(retained && { retained: true }) })
    expect(told).toEqual(obeyed.map((text) => `MQTT: state ${text}`))
  })

  it('have what they say on a topic of their own commands marked', async () => {
    const { said$, told } = await run(
      lamp(1, 'a', 'ResultsDest = a\nConnection = MQTT'),
      lamp(2, 'b', 'ToggleCommandSrc = c\nResultsDest = c\nConnection = MQTT'),
      lamp(3, 'd', 'ResultsDest = a\nConnection = MQTT'),
    )
    said$.next({ source: 'a', payload: '1', from: 'MQTT' })
    expect(told).toEqual(['MQTT: a 1 (echo)', 'MQTT: c 1 (echo)', 'MQTT: a 1'])
  })

  it('speak to local connections only where they are local themselves', async () => {
    const { said$, told } = await run(
      '[Actuator1]\nClass = Gate\nInputSrc = a',
      '[Actuator2]\nClass = Gate\nInputSrc = a\nConnection = MQTT',
    )
    said$.next({ source: 'a', payload: '1', from: 'MQTT' })
    expect(told).toEqual(['local: gate 1'])
  })
})

describe('the problems of actuators', () => {
  it('are an error where one topic of one connection would command two, naming both', async () => {
    expect(
      await problems(
        lamp(1, 'a'),
        lamp(2, 'a', 'Connection = local'),
        lamp(3, 'b', 'ToggleCommandSrc = a\nConnection = MQTT'),
      ),
    ).toEqual([
      '13: error: [Actuator2] CommandSrc: same topic as [Actuator1] (line 9) on the same connection: every actuator needs its own',
      '18: error: [Actuator3] ToggleCommandSrc: same topic as [Actuator1] (line 9) on the same connection: every actuator needs its own',
    ])
  })

  it('are none on different connections, within one actuator, or for the inputs of gates', async () => {
    expect(
      await problems(
        lamp(1, 'a', 'Connection = MQTT\nToggleCommandSrc = a'),
        lamp(2, 'a', 'Connection = local'),
        '[Actuator3]\nClass = Gate\nInputSrc = a\nConnection = local',
      ),
    ).toEqual([])
  })

  it('are found in [DEFAULT], too', async () => {
    const both =
      '[DEFAULT]\nCommandSrc = a\n[Actuator1]\nClass = Lamp\nConnection = MQTT\n[Actuator2]\nClass = Lamp\nConnection = MQTT'
    expect(await problems(both)).toEqual([
      '8: error: [Actuator2] CommandSrc: same topic as [Actuator1] (line 8) on the same connection: every actuator needs its own',
    ])
  })

  it('are a warning where they do not say who may command them', async () => {
    expect(await problems(lamp(1, 'a', ''))).toEqual([
      '7: warning: [Actuator1] no Connection: it obeys every connection; name those that may command it (Connection = …)',
    ])
  })

  it.each(['status', 'refresh'])('are an error where the commands would come on %s', async (source) => {
    expect(await problems(lamp(1, source))).toEqual([
      expect.stringMatching(/^9: error: \[Actuator1\] CommandSrc/),
    ])
  })
})

describe('plug-ins that fail when they are to make something', () => {
  const fail = (): never => {
    throw new Error('cannot be made')
  }
  const broken = { summary: 'It cannot be made.', options: z.object({}), create: fail }
  const classes = {
    connections: { ...dummies.connections, Broken: () => Promise.resolve(connectionPlugin(broken)) },
    sensors: { ...dummies.sensors, Broken: () => Promise.resolve(sensorPlugin(broken)) },
    actuators: { Broken: () => Promise.resolve(actuatorPlugin(broken)) },
  }

  it('are kept apart from what runs', async () => {
    const text = `[Connection1]\nClass = test.Link\nName = a\nClient = a\nHost = localhost
[Connection2]\nClass = Broken\nName = b\n[Sensor1]\nClass = Broken\n[Actuator1]\nClass = Broken
[Sensor2]\nClass = test.Constant\nDestination = x`
    const { log, lines } = recordedLog()
    const { reporter } = await load(text, { ...environment, classes, getLogger: () => log })
    const heard: string[] = []
    if (!reporter) throw new Error('the configuration cannot be used')
    report(reporter)
      .subscribe({
        next: ({ source, payload }) => heard.push(`${source} ${payload}`),
        error: (error: unknown) => expect.unreachable(String(error)),
      })
      .unsubscribe()
    expect(heard).toEqual(['Connection1/x 1'])
    expect(lines.filter((line) => line.includes('cannot be made'))).toHaveLength(3)
  })
})

it('a sensor that a plug-in makes of no Observable is said with its section, and the others go on', async () => {
  const wrong = { summary: 'It makes a number.', options: z.object({}), create: () => 5 as never }
  const classes = {
    connections: { ...dummies.connections, Wrong: () => Promise.resolve(connectionPlugin(wrong)) },
    sensors: { ...dummies.sensors, Wrong: () => Promise.resolve(sensorPlugin(wrong)) },
    actuators: { Wrong: () => Promise.resolve(actuatorPlugin(wrong)) },
  }
  const text = `[Connection1]\nClass = test.Link\nName = a\nClient = a\nHost = localhost
[Connection2]\nClass = Wrong\nName = b\n[Sensor1]\nClass = Wrong\n[Actuator1]\nClass = Wrong
[Sensor2]\nClass = test.Constant\nDestination = x`
  const { log, lines } = recordedLog()
  const { reporter } = await load(text, { ...environment, classes, getLogger: () => log })
  const heard: string[] = []
  if (!reporter) throw new Error('the configuration cannot be used')
  report(reporter)
    .subscribe({
      next: ({ source, payload }) => heard.push(`${source} ${payload}`),
      error: (error: unknown) => expect.unreachable(String(error)),
    })
    .unsubscribe()
  expect(heard).toEqual(['Connection1/x 1'])
  const trying = 'got a number. Trying again in 1 s, then ever less often.'
  expect(lines.toSorted()).toEqual([
    `error: create must return a connection (a function of readings), ${trying}`,
    `error: create must return a sensor (an Observable), ${trying}`,
    `error: create must return an actuator (a function of commands), ${trying}`,
  ])
})

describe('a sensor that fails', () => {
  const sensor = (wired: boolean) =>
    sensorPlugin({
      summary: 'It says something, and fails.',
      options: z.object({ Destination: destination.describe('where it says it') }),
      ...(wired && { wired: ({ Destination }: { Destination: string }) => [Destination] }),
      create: ({ Destination }) =>
        concat(
          of({ destination: Destination, value: 1 }),
          throwError(() => new Error('it is gone')),
        ),
    })

  /** What comes to the connection until the sensor has failed for the first time. */
  async function heardOf(...sections: string[]) {
    const heard: string[] = []
    const Recorder = connectionPlugin({
      summary: 'Writes down what it is told.',
      options: z.object({}),
      create: () => (readings$) =>
        readings$.pipe(
          tap(({ destination, value, retain, delivery, forgets }) => {
            const marks = [
              retain && 'state',
              delivery?.retain && 'kept',
              forgets && `forgets ${forgets.join()}`,
            ]
            heard.push([destination, value, ...marks.filter(Boolean)].join(' '))
          }),
          ignoreElements(),
        ),
    })
    const classes: ClassTable = {
      connections: { Recorder: () => Promise.resolve(Recorder) },
      sensors: {
        ...dummies.sensors,
        Wired: () => Promise.resolve(sensor(true)),
        Other: () => Promise.resolve(sensor(false)),
      },
      actuators: {},
    }
    const recorder = '[Connection1]\nClass = Recorder\nName = MQTT'
    const { reporter } = await load([recorder, ...sections].join('\n'), { ...environment, classes })
    if (!reporter) throw new Error('the configuration cannot be used')
    report(reporter).subscribe().unsubscribe()
    return heard
  }

  it('withdraws what it has said', async () => {
    expect(await heardOf('[Sensor1]\nClass = Other\nDestination = x\nRetain = YES')).toEqual([
      'x 1 kept',
      'x  kept forgets x',
    ])
  })

  it('has a status where it is on a wire', async () => {
    expect(await heardOf('[Sensor1]\nClass = Wired\nDestination = x')).toEqual([
      'x/status ONLINE state',
      'x 1',
      'x/status OFFLINE state',
      'x  forgets x',
    ])
  })

  it('has none where a section has another use of its topic', async () => {
    const [wired, other] = ['[Sensor1]\nClass = Wired\nDestination = x', '[Sensor2]\nClass = test.Constant']
    const heard = await heardOf(wired, `${other}\nDestination = x/status`)
    expect(heard.sort()).toEqual(['x  forgets x', 'x 1', 'x/status 1'])
  })
})

describe('over a reload a connection', () => {
  const broker = (name: string) => `[Connection${name}]
Class = mqtt.mqtt_conn.MqttConnection
Name = ${name}
Client = ${name}
User =
Password =
Host = localhost
Port = 1883
Keepalive = 60
RootTopic = house`
  const heartbeat = (connection: string, spool: string) => `[Sensor${connection}]
Class = heartbeat.heartbeat.Heartbeat
Poll = 60
Num-Dest = ${connection}/num
Str-Dest = ${connection}/str
Connection = ${connection}
QoS = 1
Offline = all
Spool = ${spool}`
  const relay =
    '[Actuator1]\nClass = exec.exec_actuator.ExecActuator\nCommandSrc = lamp\nResultsDest = lamp/is\nCommand = true'
  const connectionsOf = (...loads: readonly Loaded[]) =>
    loads.map(({ reporter, problems }) => {
      expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
      return reporter?.connections ?? []
    })
  const read = (previous: Loaded | undefined, ...sections: string[]) =>
    load(sections.join('\n'), { ...environment, classes }, previous)

  it('is the same while actuators and spools of others come and go', async () => {
    const first = await read(undefined, broker('A'))
    const second = await read(first, broker('A'), relay, heartbeat('A', '/tmp/one'))
    const third = await read(second, broker('A'))
    const [before, between, after] = connectionsOf(first, second, third)
    expect(between?.[0]).toBe(before?.[0])
    expect(after?.[0]).toBe(before?.[0])
  })

  it('is made anew when another one takes over a spool that it has open', async () => {
    const first = await read(undefined, broker('A'), broker('B'), heartbeat('A', '/tmp/one'))
    const second = await read(first, broker('A'), broker('B'), heartbeat('B', '/tmp/one'))
    const [before, after] = connectionsOf(first, second)
    expect(after?.[0]).not.toBe(before?.[0])
    expect(after?.[1]).toBe(before?.[1])
  })
})
