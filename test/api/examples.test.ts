import { readFileSync } from 'node:fs'
import { compileFunction } from 'node:vm'
import * as rxjs from 'rxjs'
import * as library from 'sensor-reporter'
import * as testing from 'sensor-reporter/testing'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { documents } from '../support/documents.js'
import { listener } from '../support/listener.js'
import { mosquitto } from '../support/mosquitto.js'
import { quietLog } from '../support/quietLog.js'
import { asserted } from './asserted.js'
import { faultsOf } from './faultsOf.js'
import { publicApi } from './publicApi.js'
import { says } from './says.js'

const documented = Object.values(publicApi)
  .flat()
  .flatMap(({ name, examples }) => examples.map((code) => ({ name, code: asserted(code) })))

/** What the documents show; whole programs, which import what they need, are files under test/examples with tests of their own. */
const fragments = documents().flatMap((document) =>
  [
    ...readFileSync(new URL(`../../${document}`, import.meta.url), 'utf8').matchAll(
      /^```ts\n([\s\S]*?)^```$/gm,
    ),
  ]
    .map(([, code = '']) => code)
    .filter((code) => !/^(import|export) /m.test(code))
    .map((code, index) => ({ name: `${document}-${index + 1}`, code: asserted(code) })),
)

const examples = [...documented, ...fragments]

/** They wait for the world outside, which knows no virtual time. */
const inRealTime = ['execActuator', 'execSensor', 'embeddedBroker', 'replay']
const timeOf = (name: string) => (inRealTime.includes(name) ? 'real' : 'virtual')

/** Runs the code with everything in scope that users import. */
const run = async (name: string, code: string): Promise<unknown> => {
  const broker = code.includes('await publishes(') ? await realBroker() : {}
  const scope = { ...rxjs, ...testing, ...library, says: says(timeOf(name)), ...broker, console: quietLog() }
  const target = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext }
  const script = ts.transpile(`const example = async () => {\n${code}\n}`, target)
  const example = compileFunction(`${script}\nreturn example()`, Object.keys(scope)) as (
    ...values: unknown[]
  ) => unknown
  return example(...Object.values(scope))
}

/** In the place of `mqttConnection`, one to a broker that listens wherever there is room; and what that receives. */
async function realBroker() {
  const broker = await mosquitto()
  await broker.start()
  const { heard, until } = await listener(broker.port)
  return {
    mqttConnection: (options: library.MqttOptions) =>
      library.mqttConnection({ ...options, port: broker.port }, quietLog()),
    publishes: async (program$: rxjs.Observable<unknown>, expected: readonly string[]) => {
      await rxjs.lastValueFrom(program$, { defaultValue: undefined })
      await until(expected.at(-1) ?? '')
      expect(heard).toEqual(expected)
    },
  }
}

describe('The examples in doc comments and documents', () => {
  it('are right in the eyes of the compiler', () => {
    expect(faultsOf(examples)).toEqual([])
    expect(faultsOf([{ name: 'wrong', code: 'report(of(1))' }])).toHaveLength(1)
  })

  it.each(examples)('$name does what its example shows', async ({ name, code }) => {
    await expect(run(name, code)).resolves.toBeUndefined()
  })

  it.each([
    ['another value', 'of(1, 2)\n// → 1, 3'],
    ['a value too many', 'of(1, 2)\n// → 1'],
    ['a value too few', 'of(1)\n// → 1, 2'],
    ['no end', 'interval(1000)\n// → 0'],
  ])('would not pass with %s', async (_, code) => {
    await expect(run('wrong', asserted(code))).rejects.toThrow()
  })
})
