import { describe, expect, it } from 'vitest'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { startConnection } from './startConnection.js'

describe.skipIf(mosquittoMissing)('a retained reading', () => {
  it('is there for whoever subscribes later, and not repeated on refresh', async () => {
    const broker = await mosquitto()
    await broker.start()
    const { send, sendReading } = startConnection({ port: broker.port })
    const early = await listener(broker.port)
    await early.until('root/status ONLINE')
    sendReading({ destination: 'bluetooth', value: 'LISTENING', retain: true })
    send('attic', 21)
    await early.until('root/attic 21')
    await early.client.publishAsync('root/refresh', 'now')
    await early.until('root/attic 21', early.heard.indexOf('root/attic 21') + 1)
    expect(early.heard.filter((message) => message.startsWith('root/bluetooth'))).toHaveLength(1)

    const late = await listener(broker.port)
    await late.until('root/bluetooth LISTENING')
    expect(late.heard).not.toContain('root/attic 21')
  })

  it('waits for its broker', async () => {
    const broker = await mosquitto()
    const { sendReading } = startConnection({ port: broker.port })
    sendReading({ destination: 'bluetooth', value: 'DEAF', retain: true })
    sendReading({ destination: 'bluetooth', value: 'LISTENING', retain: true })
    await broker.start()
    const { heard, until } = await listener(broker.port)
    await until('root/bluetooth LISTENING')
    expect(heard).not.toContain('root/bluetooth DEAF')
  })
})
