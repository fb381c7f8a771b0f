import { ignoreElements, map, NEVER, of } from 'rxjs'
import { z } from 'zod'
import type { ClassTable } from '../../src/config/classes.js'
import type { Logger } from '../../src/model.js'
import { boolean, host, integer, numbered, seconds, secret, text } from '../../src/fields/fields.js'
import { actuatorPlugin, connectionPlugin, sensorPlugin } from '../../src/plugin/plugin.js'
import { destination, rootTopic } from '../../src/fields/topicFields.js'

/** A link says back what it is given, with its own section in front. */
const Link = connectionPlugin({
  summary: 'A connection to nowhere.',
  options: z.object({
    Client: text.describe('client id'),
    Password: secret.describe('password').prefault(''),
    Host: host.describe('host name of the broker'),
    Port: integer(1, 65535).prefault('1883').describe('port of the broker'),
    RootTopic: rootTopic.prefault('root').describe('topic above all others'),
    Pause: seconds(0)
      .prefault('1.5')
      .describe('seconds')
      .meta({ warn: (value: string) => (Number(value) === 0 ? '0 means no pause at all' : undefined) }),
  }),
  identity: ({ Client, Host, Port }) => `${Client}@${Host}:${Port}`,
  create:
    (_, { section }) =>
    (readings$) =>
      readings$.pipe(
        map(({ destination, value, to }) => ({
          source: `${section}/${destination}`,
          payload: `${value}${to ? ` to ${to.join(' ')}` : ''}`,
        })),
      ),
})

/** Says its value once. */
const Constant = sensorPlugin({
  summary: 'A sensor that never changes.',
  options: z
    .object({
      Destination: destination.describe('topic of the value'),
      Value: text.prefault('1').describe('the value'),
      Loud: boolean.optional().describe('whether it is loud'),
      AddressX: numbered(integer(1, 9)).describe('numbered'),
    })
    .refine(({ Value }) => Value !== 'forbidden', { path: ['Value'], message: 'forbidden is not allowed' }),
  create: ({ Destination, Value }) => of({ destination: Destination, value: Value }),
})

const Switch = actuatorPlugin({
  summary: 'An actuator that does nothing.',
  options: z.object({ Destination: destination.describe('topic of its state') }),
  create: () => (commands$) => commands$.pipe(ignoreElements()),
})

export const dummies: ClassTable = {
  connections: { 'test.Link': () => Promise.resolve(Link) },
  sensors: {
    'test.Constant': () => Promise.resolve(Constant),
    'test.other.Constant': () => Promise.resolve(Constant),
  },
  actuators: { 'test.Switch': () => Promise.resolve(Switch) },
}

export const silent: Logger = Object.fromEntries(
  ['debug', 'info', 'warn', 'error'].map((method) => [method, () => undefined]),
) as unknown as Logger

/** What `load` takes beside a text: these classes, a radio that hears nothing, a log that nobody reads. */
export const environment = {
  file: 'x.ini',
  env: {},
  classes: dummies,
  radio: () => ({ advertisements$: NEVER, state$: NEVER }),
  getLogger: () => silent,
}
