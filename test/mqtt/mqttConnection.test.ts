import { Subject } from 'rxjs'
import { expect, it } from 'vitest'
import type { Reading } from '../../src/model.js'
import { mqttConnection } from '../../src/mqtt/mqttConnection.js'
import { listener } from '../support/listener.js'
import { recordedLog } from '../support/recordedLog.js'
import { tcpServer } from '../support/tcpServer.js'
import { aedesBroker } from './aedesBroker.js'
import { startConnection } from './startConnection.js'

it('does nothing before it is subscribed to, and lets go of its readings afterwards', async () => {
  const { port, sockets } = await tcpServer(() => undefined)
  const options = { name: 'A', client: 'a', host: '127.0.0.1', port, keepalive: 0, rootTopic: 'a' }
  const readings$ = new Subject<Reading>()
  const commands$ = readings$.pipe(mqttConnection(options, recordedLog().log))
  expect(readings$.observed).toBe(false)
  const subscription = commands$.subscribe()
  await sockets.until(() => true)
  subscription.unsubscribe()
  expect(readings$.observed).toBe(false)
  expect(sockets.entries).toHaveLength(1)
})

it('refuses destinations that no broker would take, each with one line, and publishes the rest', async () => {
  const { port } = await aedesBroker()
  const { heard, until } = await listener(port)
  const { send, lines } = startConnection({ port })
  await until('root/status ONLINE')
  const bad = [
    '',
    'a/+',
    '#',
    'nul\0',
    'new\nline',
    'status',
    'refresh',
    'health',
    'x'.repeat(70_000),
    '\ud800',
  ]
  for (const destination of [...bad, ...bad]) send(destination, 1)
  send('good', 1)
  await until('root/good 1')
  expect(heard).toEqual(['root/status ONLINE', 'root/good 1'])
  const refused = lines.filter((line) => line.includes('is not published'))
  expect(refused).toHaveLength(bad.length)
  expect(refused.join('')).not.toMatch(/\p{Cc}|\p{Cs}/u)
})

it('says when it may not hear refresh requests, and publishes nevertheless', async () => {
  const { port } = await aedesBroker({
    authorizeSubscribe: ({ id }, subscription, done) => done(null, id === 'test' ? null : subscription),
  })
  const { until } = await listener(port)
  const { send, logged } = startConnection({ port })
  await expect(logged(/does not let us read root\/refresh/)).resolves.toMatch(/^warn/)
  send('temp_c', 1)
  await expect(until('root/temp_c 1')).resolves.toBeDefined()
})

it('does not take a retained request for a new one', async () => {
  const { port } = await aedesBroker()
  const { heard, until, client } = await listener(port)
  await client.publishAsync('root/refresh', 'old', { retain: true })
  const { send } = startConnection({ port })
  send('temp_c', 1)
  await until('root/temp_c 1')
  const before = heard.length
  await client.publishAsync('root/refresh', 'new')
  await until('root/temp_c 1', before)
  send('end', 1)
  await until('root/end 1')
  expect(heard.filter((message) => message === 'root/temp_c 1')).toHaveLength(2)
})

it('passes a burst of readings on one by one while the broker keeps up', async () => {
  const { port } = await aedesBroker()
  const { heard, until } = await listener(port)
  const { send } = startConnection({ port })
  await until('root/status ONLINE')
  for (let value = 1; value <= 1000; value += 1) send('count', value)
  await until('root/count 1000')
  expect(heard.slice(1)).toEqual(Array.from({ length: 1000 }, (_, index) => `root/count ${index + 1}`))
})

it('holds what a broker does not take, the latest of each destination, and sends it when it does', async () => {
  const { port } = await aedesBroker()
  const { heard, until } = await listener(port)
  const { send } = startConnection({ port })
  await until('root/status ONLINE')
  // One turn of the event loop fills the socket's buffer, which nobody can empty meanwhile.
  for (let value = 1; value <= 40_000; value += 1) for (const name of ['one', 'two']) send(name, value)
  await until('root/two 40000')
  expect(heard).toContain('root/one 40000')
  expect(heard.length).toBeLessThan(80_000)
})
