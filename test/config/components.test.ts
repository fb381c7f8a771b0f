import { NEVER } from 'rxjs'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { load } from '../../src/config/load.js'
import { actuatorPlugin, connectionPlugin, sensorPlugin } from '../../src/plugin/plugin.js'
import { report } from '../../src/report.js'
import { recordedLog } from '../support/recordedLog.js'
import { dummies } from './dummies.js'

const fail = (): never => {
  throw new Error('cannot be made')
}
const broken = { summary: 'It cannot be made.', options: z.object({}), create: fail }
const classes = {
  connections: { ...dummies.connections, Broken: () => Promise.resolve(connectionPlugin(broken)) },
  sensors: { ...dummies.sensors, Broken: () => Promise.resolve(sensorPlugin(broken)) },
  actuators: { Broken: () => Promise.resolve(actuatorPlugin(broken)) },
}

it('keeps what runs apart from plug-ins that fail when they are to make something', async () => {
  const text = `[Connection1]\nClass = test.Link\nName = a\nClient = a\nHost = localhost
[Connection2]\nClass = Broken\nName = b\n[Sensor1]\nClass = Broken\n[Actuator1]\nClass = Broken
[Sensor2]\nClass = test.Constant\nDestination = x`
  const { log, lines } = recordedLog()
  const { reporter } = await load(text, {
    file: 'x.ini',
    env: {},
    classes,
    radio: () => ({ advertisements$: NEVER, state$: NEVER }),
    getLogger: () => log,
  })
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
