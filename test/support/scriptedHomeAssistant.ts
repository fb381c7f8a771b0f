import { connect, type MqttClient } from 'mqtt'
import { onTestFinished } from 'vitest'
import { faultsOfDocument } from './discoveryRules.js'

type Component = Readonly<Record<string, unknown>>

interface Document {
  readonly device: { readonly name: string; readonly via_device?: string }
  readonly availability?: readonly { readonly topic: string }[]
  readonly components: Readonly<Record<string, Component>>
}

interface Entity {
  readonly id: string
  readonly name: string
  readonly component: Component
  readonly availability: readonly { readonly topic: string }[]
  state?: string
}

const labelOf = ({ name, device_class: deviceClass }: Component): string =>
  [name, deviceClass].find((text): text is string => typeof text === 'string') ?? ''

/**
 * Does what Home Assistant does, over a real broker: subscribes to the documents, makes and removes entities by them, subscribes to
 * their topics, and says its birth. `table` is what a person would see.
 */
export function scriptedHomeAssistant(port: number) {
  let client: MqttClient | undefined
  let documents = new Map<string, Document>()
  let entities = new Map<string, Entity>()
  /** What an entity knows; availability too is forgotten with it, and told anew by the broker. */
  let said = new Map<string, string>()
  const refused: string[] = []
  let births = 0

  const subscribed = (entity: Entity) => [
    ...entity.availability.map(({ topic }) => topic),
    ...(typeof entity.component['state_topic'] === 'string' ? [entity.component['state_topic']] : []),
  ]
  const receiveDocument = (topic: string, text: string) => {
    const before = documents.get(topic)
    if (text === '') {
      for (const key of Object.keys(before?.components ?? {})) entities.delete(`${topic} ${key}`)
      documents.delete(topic)
      return
    }
    const faults = faultsOfDocument(topic, text)
    refused.push(...faults)
    if (faults.length > 0) return
    const document = JSON.parse(text) as Document
    documents.set(topic, document)
    for (const [key, component] of Object.entries(document.components)) {
      const id = `${topic} ${key}`
      // Only so Home Assistant removes one; what is left out stays.
      if (Object.keys(component).length === 1) {
        entities.delete(id)
        continue
      }
      const availability = (component['availability'] ??
        document.availability ??
        []) as Entity['availability']
      const known = entities.get(id)
      const same = known && JSON.stringify(known.component) === JSON.stringify(component)
      const entity: Entity = {
        id: String(component['unique_id']),
        name: `${document.device.name} ${labelOf(component)}`.trim(),
        component,
        availability,
        ...(same && known.state !== undefined && { state: known.state }),
      }
      entities.set(id, entity)
      client?.subscribe(subscribed(entity))
    }
  }
  const receive = (topic: string, payload: Buffer, packet: { readonly retain: boolean }) => {
    const text = payload.toString()
    if (topic.startsWith('homeassistant/device/')) {
      receiveDocument(topic, text)
      return
    }
    said.set(topic, text)
    for (const entity of entities.values())
      if (
        entity.component['state_topic'] === topic &&
        !(packet.retain && entity.component['platform'] === 'event')
      )
        entity.state = text
  }
  const stop = () => {
    client?.end(true)
    client = undefined
  }
  onTestFinished(stop)
  return {
    /** Starts as after a restart: it knows nothing but what the broker retains, and says that it is there. */
    start: () => {
      documents = new Map<string, Document>()
      entities = new Map<string, Entity>()
      said = new Map<string, string>()
      const started = connect(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 50, clientId: 'homeassistant' })
      client = started
      started.on('message', receive)
      started.on('connect', () => {
        started.subscribe('homeassistant/device/+/config', () => {
          births += 1
          started.publish('homeassistant/status', 'online', { qos: 0, retain: true })
        })
      })
    },
    stop,
    command: (topic: string, payload: string) => client?.publish(topic, payload),
    refused,
    get births() {
      return births
    },
    /** Each entity with what it shows: its state, `unknown` or `unavailable`. */
    table: (): Record<string, string> =>
      Object.fromEntries(
        [...entities.values()]
          .map(({ name, component, availability, state }): [string, string] => {
            const isAvailable = availability.every(({ topic }) => said.get(topic) === 'ONLINE')
            const shown = component['platform'] === 'button' ? 'ready' : (state ?? 'unknown')
            return [name, isAvailable ? shown : 'unavailable']
          })
          .sort(([one], [other]) => (one < other ? -1 : 1)),
      ),
    ids: () => [...entities.values()].map(({ id }) => id).sort(),
  }
}
