// A real broker in the guest, and a client that hears all that is published.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { connect } from 'mqtt'
import { fits, until } from './waiting.js'

export const port = 1883

const root = 'house/'

/** A client, as soon as the broker takes one. */
const connected = () =>
  new Promise((resolve) => {
    const client = connect(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 100 })
    client.on('error', () => undefined)
    client.once('connect', () => resolve(client))
  })

/** Starts mosquitto with nothing in it, and listens. */
export async function openTopics(folder, note) {
  const file = `${folder}/mosquitto.conf`
  const settings = ['allow_anonymous true', 'user root', 'persistence false']
  const log = ['log_dest stderr', 'log_type error', 'log_type subscribe']
  writeFileSync(file, [`listener ${port} 127.0.0.1`, ...settings, ...log, ''].join('\n'))
  const broker = spawn('mosquitto', ['-c', file], { stdio: ['ignore', 'inherit', 'pipe'] })
  /** What anybody has subscribed to. */
  let subscribed = ''
  broker.stderr.on('data', (data) => (subscribed += data))
  const ended = new Promise((resolve) => broker.once('close', resolve))
  const client = await connected()
  const messages = []
  client.on('message', (name, payload, { retain }) => {
    const message = {
      at: performance.now(),
      topic: name.slice(root.length),
      value: payload.toString(),
      retain,
    }
    messages.push(message)
    if (!/^govee\/.*\/(?!status)/.test(message.topic)) note(`${message.topic}: ${message.value}`)
  })
  await client.subscribeAsync(`${root}#`)

  const valuesOf = (topic, since = 0) =>
    messages.filter((each) => each.topic === topic && each.at >= since).map(({ value }) => value)
  return {
    /** What was published on a topic. */
    valuesOf,
    /** Waits until what was published last on a topic is that value, or matches that pattern. */
    becomes: (topic, expected, seconds) =>
      until(`${topic} to become ${String(expected)}`, () => fits(valuesOf(topic).at(-1), expected), {
        seconds,
        got: () => valuesOf(topic).at(-1),
      }),
    /** Waits until something new comes on each of these topics. */
    hears: async (names, seconds) => {
      const since = performance.now()
      for (const name of [names].flat())
        await until(`something new on ${name}`, () => valuesOf(name, since).length > 0, {
          seconds,
          got: () => messages.slice(-3).map(({ topic, value }) => `${topic} ${value}`),
        })
    },
    /** Publishes a command, once somebody takes it. */
    command: async (topic, value) => {
      await until(`somebody to subscribe to ${topic}`, () => subscribed.includes(` ${root}${topic}\n`), {
        got: () => subscribed,
      })
      await client.publishAsync(root + topic, value)
    },
    /** What a client gets that comes now. */
    retained: async (topic) => {
      const late = await connected()
      try {
        const values = []
        late.on('message', (_, payload, { retain }) => retain && values.push(payload.toString()))
        await late.subscribeAsync(root + topic)
        // What is retained comes before the answer to what was subscribed to later.
        await late.subscribeAsync(`${root}nothing`)
        return values.at(-1)
      } finally {
        await late.endAsync(true)
      }
    },
    close: async () => {
      await client.endAsync(true)
      broker.kill('SIGKILL')
      await ended
    },
  }
}
