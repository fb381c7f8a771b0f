import { describe, expect, it } from 'vitest'
import { certificates, opensslMissing } from '../support/certificates.js'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { languages, runExample } from '../support/runExample.js'

describe.skipIf(mosquittoMissing || opensslMissing).each(languages)(
  'config/examples, of connections: %s',
  (language) => {
    if (mosquittoMissing || opensslMissing) return
    const { selfSigned, signed } = certificates()
    const ca = selfSigned('ca')
    const server = signed('server', 'ca', 'DNS:localhost')
    const client = signed('client', 'ca', 'DNS:client')

    it('mqtt-failover reports to the second broker where the first is away', async () => {
      const { start, port } = await mosquitto({ users: { user: 'password' } })
      await start()
      const { problems, logged } = await runExample(
        'mqtt-failover',
        port,
        {
          'broker1.example, broker2.example': 'no-such-host.invalid, 127.0.0.1',
        },
        language,
      )
      expect(problems).toEqual([])
      await logged(/connected to broker 127\.0\.0\.1/)
      const { until } = await listener(port, { username: 'user', password: 'password' })
      await until('sensor_reporter/status ONLINE')
    })

    it('mqtt-certificate is let in by its certificate', async () => {
      const { start, port } = await mosquitto({
        tls: server,
        lines: [`cafile ${ca.cert}`, 'require_certificate true'],
      })
      await start()
      const { problems, logged } = await runExample(
        'mqtt-certificate',
        undefined,
        {
          'Port = 8883': `Port = ${port}`,
          './certs/ca.crt': ca.cert,
          './certs/client.crt': client.cert,
          './certs/client.key': client.key,
        },
        language,
      )
      expect(problems).toEqual([])
      await expect(logged(/broker/)).resolves.toMatch(/^info: connected/)
    })
  },
)
