import fc from 'fast-check'
import { expect, it } from 'vitest'
import { clientOptions } from '../../src/mqtt/openClient.js'
import type { BrokerOptions } from '../../src/mqtt/options.js'

const required = {
  name: fc.string(),
  client: fc.string(),
  host: fc.domain(),
  port: fc.integer({ min: 1, max: 65_535 }),
  keepalive: fc.nat(65_535_000),
  rootTopic: fc.string(),
}
const optional = {
  login: fc.record({ user: fc.string(), password: fc.string() }),
  version: fc.constantFrom('3.1.1' as const, '5' as const),
  webSocketPath: fc.constant('/mqtt'),
  fallbackHosts: fc.array(fc.domain()),
  messageExpiry: fc.nat(),
  connectTimeout: fc.nat(),
  tls: fc.constant({ insecure: true }),
}
const anyOptions: fc.Arbitrary<BrokerOptions> = fc.record(
  { ...required, ...optional },
  { requiredKeys: ['name', 'client', 'host', 'port', 'keepalive', 'rootTopic'] },
)

const valuesIn = (value: unknown): unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value).flatMap(valuesIn) : [value]

it('never holds anything undefined, whatever the options', () => {
  fc.assert(
    fc.property(anyOptions, (options) => {
      expect(valuesIn(clientOptions(options))).not.toContain(undefined)
    }),
  )
})

it('has properties only with MQTT 5, and always arms the will', () => {
  fc.assert(
    fc.property(anyOptions, (options) => {
      const { protocolVersion, properties, will } = clientOptions(options)
      expect(properties !== undefined).toBe(protocolVersion === 5)
      expect(will).toMatchObject({ topic: `${options.rootTopic}/status`, qos: 1, retain: true })
    }),
  )
})
