import { describe, expect, it } from 'vitest'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { startConnection } from './startConnection.js'

const at = 1_765_000_000_123
const attic = { device: 'attic', at, decimals: 1 }
const object = 'root/attic {"temperature_c":21,"humidity":50.2,"at":"2025-12-06T05:46:40.123Z"}'

describe.skipIf(mosquittoMissing)('the format of a connection', () => {
  it.each([
    { format: 'json', plain: [] },
    { format: 'both', plain: ['root/attic/temp_c 21.0', 'root/attic/humi 50.2'] },
  ] as const)('$format says one object for each report, also on refresh', async ({ format, plain }) => {
    const broker = await mosquitto()
    await broker.start()
    const { sendReading } = startConnection({ port: broker.port, format })
    const { heard, until, client } = await listener(broker.port)
    await until('root/status ONLINE')
    sendReading({ ...attic, destination: 'attic/temp_c', value: 21 })
    sendReading({ ...attic, destination: 'attic/humi', value: 50.2 })
    await until(object)
    await client.publishAsync('root/refresh', 'now')
    await until(object, heard.indexOf(object) + 1)
    const said = heard.filter((message) => message.startsWith('root/attic'))
    expect(said).toEqual([...plain, object, ...plain, object])
  })
})
