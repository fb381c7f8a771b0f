import { connectAsync, type IClientOptions } from 'mqtt'
import { onTestFinished } from 'vitest'
import { journal } from './journal.js'

/** An independent client that hears everything on a broker, `topic payload` a message; it ends with the test. */
export async function listener(port: number, options: IClientOptions = {}) {
  const heard = journal<string>()
  const client = await connectAsync({ host: '127.0.0.1', port, reconnectPeriod: 50, ...options })
  onTestFinished(() => client.endAsync(true))
  client.on('error', () => undefined)
  client.on('message', (topic, payload) => heard.add(`${topic} ${payload.toString()}`))
  await client.subscribeAsync('#', { qos: 1 })
  return {
    client,
    heard: heard.entries,
    until: (message: string, start = 0) => heard.until((text) => text === message, start),
  }
}
