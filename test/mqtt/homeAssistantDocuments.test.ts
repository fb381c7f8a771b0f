import { readdirSync, readFileSync } from 'node:fs'
import { lastValueFrom, NEVER, of, timer } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { bleSensor } from '../../src/ble/bleSensor.js'
import { parseCaptureLine } from '../../src/captures/jsonLines.js'
import { demoConfig } from '../../src/commands/demo.js'
import { load } from '../../src/config/load.js'
import { daemon } from '../../src/daemon.js'
import { describe as describeTopic, type Description, temperatureIn } from '../../src/description.js'
import { GpioColorLed } from '../../src/gpio/gpioLed.js'
import {
  deviceDocument,
  deviceId,
  type DiscoveryDocument,
  gatewayDocument,
  rootId,
} from '../../src/mqtt/homeAssistantDocuments.js'
import type { MqttOptions } from '../../src/mqtt/options.js'
import { collect } from '../support/collect.js'
import { faultsOfDocument } from '../support/discoveryRules.js'
import { quietLog } from '../support/quietLog.js'

const publishing = { rootTopic: 'home', client: 'test', health: 60_000 }
const topicOf = (id: string) => `homeassistant/device/${id}/config`
const faultsOf = (document: unknown, id = 'sr_home') =>
  faultsOfDocument(topicOf(id), JSON.stringify(document))

interface Vector {
  readonly id: string
  readonly address?: string
  readonly allManufacturerData?: Readonly<Record<string, string>>
  readonly bindkey?: string
}
const vectors = ['govee', 'brands'].flatMap(
  (name) => JSON.parse(readFileSync(`test/fixtures/${name}.json`, 'utf8')) as readonly Vector[],
)

/** What the packet of a vector reports is described. */
function describedIn({ address = 'a4:c1:38:11:22:33', allManufacturerData, bindkey, ...packet }: Vector) {
  const records = Object.entries(allManufacturerData ?? {}).map(
    ([id, payload]) => Buffer.of(Number(id) & 0xff, Number(id) >> 8).toString('hex') + payload,
  )
  const manufacturer = records.length > 0 && { manufacturerData: records }
  const heard = parseCaptureLine(JSON.stringify({ rssi: -61, ...packet, ...manufacturer, address }))
  const keys = bindkey === undefined ? {} : { keys: { [address]: bindkey } }
  const readings = collect(bleSensor(of(heard), { destination: 'air', ...keys }))
  return readings.flatMap(({ about }) => about ?? [])
}

function documentOf(abouts: readonly Description[], format: NonNullable<MqttOptions['format']> = 'plain') {
  const device = abouts[0]?.device ?? { topic: '', identity: 'x', name: 'x' }
  return deviceDocument(device, abouts, {}, { ...publishing, format })
}

describe('The documents for Home Assistant', () => {
  it.each(['plain', 'json', 'both'] as const)(
    'of every model of every brand keep its rules, %s',
    (format) => {
      const models = new Set<string>()
      for (const vector of vectors) {
        const abouts = describedIn(vector)
        if (abouts.length === 0) continue
        const { brand = '', model = '' } = abouts[0]?.device ?? {}
        models.add(`${brand} ${model}`)
        expect([vector.id, ...faultsOf(documentOf(abouts, format))]).toEqual([vector.id])
      }
      expect(models.size).toBeGreaterThan(60)
    },
  )

  const folder = 'config/examples'
  const recording = readFileSync('config/demo.jsonl', 'utf8').trim().split('\n')
  const announced = async (text: string, capture = recording.slice(0, 400)) => {
    const documents = new Map<string, string>()
    const { reporter, problems } = await load(text, {
      file: 'c.ini',
      env: {},
      radio: () => ({ advertisements$: of(...capture.map(parseCaptureLine)), state$: NEVER }),
      getLogger: quietLog,
      announce: (topic, document) => documents.set(topic, document),
    })
    if (!reporter) throw new Error(JSON.stringify(problems))
    await lastValueFrom(daemon(of(reporter), timer(20)), { defaultValue: undefined })
    return documents
  }
  it.each(readdirSync(folder).filter((file) => file.endsWith('.ini')))(
    'of %s keep its rules',
    async (file) => {
      const text = readFileSync(`${folder}/${file}`, 'utf8')
        .replaceAll(/\$\{[^}]*\}/g, 'x')
        .replaceAll(/^(Class *= *mqtt.*)$/gm, '$1\nHomeAssistant = YES')
        .replaceAll(/^(TLS|Cert|Key|CAcert).*$/gm, '')
      const documents = await announced(text)
      if (!text.includes('HomeAssistant')) return
      expect(documents.size).toBeGreaterThan(0)
      for (const [topic, document] of documents) expect(faultsOfDocument(topic, document)).toEqual([])
    },
  )

  it('of the demo keep its rules, with its whole recording, and have these entities', async () => {
    const text = demoConfig(1883).replace(/^RootTopic.*$/m, '$&\nHomeAssistant = YES')
    const documents = await announced(text, recording)
    const entities = [...documents].map(([topic, document]) => {
      expect(faultsOfDocument(topic, document)).toEqual([])
      const { device, components } = JSON.parse(document) as DiscoveryDocument
      return `${String(device['name'])} (${String(device['model'])}): ${Object.keys(components).join(', ')}`
    })
    expect(entities).toEqual([
      'sensor-reporter sensor_reporter (sensor-reporter): connection, bluetooth, bluetooth_state, waiting, dropped, refresh',
      'GVH5075_170C (H5075): humidity, battery, rssi, temperature',
      'GVH5105_A71C (H5105): humidity, battery, rssi, temperature',
      'GVH5075_F233 (H5075): humidity, battery, rssi, temperature',
      'balcony (RuuviTag): temperature, humidity, pressure_hpa, rssi',
      'bath (LYWSD03MMC): temperature, humidity, rssi',
      'bell (SBBT-002C): button, button0, rssi',
    ])
  })

  it('have the area of a section, and the class and the unit that it says', async () => {
    const sections = [
      ...['[Sensor1]', 'Class = exec.exec_sensor.ExecSensor', 'Script = false', 'Poll = 9'],
      ...['Destination = meter', 'DeviceClass = energy', 'Unit = kWh', 'Area = Cellar'],
      ...['[Sensor2]', 'Class = gpio.rpi_gpio.RpiGpioSensor', 'Pin = 17', 'Destination = gate'],
      ...['Values = CLOSED,OPEN', 'DeviceClass = garage_door', 'Area = Yard', 'Name = Gate'],
      ...['[Sensor3]', 'Class = exec.exec_sensor.ExecSensor', 'Script = false', 'Poll = 9'],
      ...['Destination = since', 'DeviceClass = timestamp'],
    ]
    const connection = readFileSync('config/sensor_reporter.ini', 'utf8')
      .replace(/^\[Sensor0\][^]*/m, '')
      .replace(/^RootTopic.*$/m, 'RootTopic = home\nHomeAssistant = YES')
    const documents = await announced([connection, ...sections].join('\n'))
    const of = (id: string) => {
      const text = documents.get(topicOf(id)) ?? '{}'
      expect(faultsOfDocument(topicOf(id), text)).toEqual([])
      return JSON.parse(text) as DiscoveryDocument
    }
    const meter = of('sr_home_meter')
    expect(meter.device).toMatchObject({ name: 'meter', suggested_area: 'Cellar' })
    expect(meter.components).toMatchObject({
      output: {
        ...{ platform: 'sensor', device_class: 'energy', unit_of_measurement: 'kWh' },
        state_class: 'total_increasing',
      },
    })
    const gate = of('sr_home_gate')
    expect(gate.device).toMatchObject({ name: 'Gate', suggested_area: 'Yard' })
    expect(gate.components).toMatchObject({
      level: {
        ...{ platform: 'binary_sensor', device_class: 'garage_door', state_topic: 'home/gate' },
        ...{ payload_on: 'OPEN', payload_off: 'CLOSED' },
      },
    })
    expect(of('sr_home_since').components['output']).not.toHaveProperty('state_class')
  })

  it.each([
    ['color', { 'Pin.Red': '17', 'Pin.Blue': '22' }],
    ['brightness', { 'Pin.White': '17' }],
  ])('of a light show its brightness, and its colour where it has several: %s', (kind, pins) => {
    const options = GpioColorLed.options.parse({ CommandSrc: 'strip', StateDest: 'strip/is', ...pins })
    const { topics = [] } = GpioColorLed.describes?.(options) ?? {}
    const document = documentOf(topics)
    expect(faultsOf(document, 'sr_home_strip')).toEqual([])
    const [state, command] = ['home/strip/is', 'home/strip']
    expect(document.components).toEqual({
      light: {
        ...{ platform: 'light', unique_id: 'sr_home_strip_light', name: null, retain: false, qos: 1 },
        ...{ state_topic: state, command_topic: command, payload_on: 'ON', payload_off: 'OFF' },
        state_value_template: "{{ 'OFF' if value.split(',')[-1] == '0' else 'ON' }}",
        // Else ON follows each brightness, and that is all of it.
        on_command_type: 'brightness',
        ...{ brightness_state_topic: state, brightness_command_topic: command, brightness_scale: 100 },
        brightness_value_template: "{{ value.split(',')[-1] }}",
        ...(kind === 'color' && {
          ...{ hs_state_topic: state, hs_command_topic: command },
          hs_value_template: "{{ value.split(',')[:2] | join(',') }}",
        }),
      },
    })
  })

  it('of a stranger are made of all that it says, and of each probe', () => {
    const abouts = describedIn(
      vectors.find(({ id }) => /H5178.*remote/i.test(id)) ?? vectors[0] ?? { id: '' },
    )
    const { components, device } = documentOf(abouts)
    expect(device).toMatchObject({ manufacturer: 'Govee', via_device: 'sr_home' })
    expect(Object.keys(components)).not.toContain('temperature_f')
  })

  it.each([
    ['plain', 'home/kitchen/temp_c', 'home/kitchen/probe2/temp_c', 'home/larder/probe2/temp_c'],
    ['json', 'home/kitchen', 'home/kitchen', 'home/larder'],
  ] as const)('move what was found with a device that is renamed, %s', (format, known, before, now) => {
    const device = { topic: 'larder', identity: 'a4c138112233', name: 'larder', brand: 'Govee' }
    const about = describeTopic(device, 'larder/temp_c', 'temperature_c', temperatureIn('C'))
    const found = {
      temperature: { platform: 'sensor', state_topic: known },
      probe2_temperature: { platform: 'sensor', state_topic: before },
      other: { platform: 'sensor', state_topic: 'home/kitchen2/temp_c' },
    }
    const { components } = deviceDocument(device, [about], found, { ...publishing, format })
    expect(Object.entries(components).map(([key, { state_topic: topic }]) => [key, topic])).toEqual([
      ['temperature', format === 'json' ? 'home/larder' : 'home/larder/temp_c'],
      ['probe2_temperature', now],
      ['other', 'home/kitchen2/temp_c'],
    ])
  })

  it('have ids of letters, digits, _ and - only, that differ where their texts do', () => {
    const texts = ['home', 'a/b ü', 'a_b_ü', '../x', 'a/b_ü']
    const ids = texts.map((rootTopic) => deviceId(rootTopic, { identity: '../x' }))
    expect(ids.filter((id) => !/^[\w-]+$/.test(id))).toEqual([])
    expect(new Set(ids).size).toBe(texts.length)
    expect(rootId('home')).toBe('sr_home')
  })

  it('of the program itself keep its rules, with health and without', () => {
    for (const health of [0, 60_000]) expect(faultsOf(gatewayDocument({ ...publishing, health }))).toEqual([])
  })
})

describe('The checker of documents', () => {
  const good = {
    device: { identifiers: ['sr_home_x'], name: 'x' },
    origin: { name: 'sensor-reporter' },
    availability: [{ topic: 'home/status' }],
    components: {
      t: {
        ...{ platform: 'sensor', unique_id: 'u', state_topic: 'home/t', device_class: 'temperature' },
        unit_of_measurement: '°C',
      },
    },
  }
  const withComponent = (component: object) => ({
    ...good,
    components: { t: { ...good.components.t, ...component } },
  })

  it('passes a right one', () => expect(faultsOf(good)).toEqual([]))

  it.each<[string, unknown]>([
    ['no device', { ...good, device: undefined }],
    ['no origin', { ...good, origin: undefined }],
    ['an origin without name', { ...good, origin: {} }],
    ['no components', { ...good, components: undefined }],
    ['a device without identifiers', { ...good, device: { name: 'x' } }],
    ['an unknown key at the top', { ...good, icon: 'mdi:x' }],
    ['an unknown key of the device', { ...good, device: { ...good.device, colour: 'red' } }],
    ['an unknown key of the origin', { ...good, origin: { ...good.origin, colour: 'red' } }],
    ['an unknown key of an availability', { ...good, availability: [{ topic: 'x', colour: 'red' }] }],
    ['~', { ...good, '~': 'home' }],
    ['two kinds of availability', { ...good, availability_topic: 'x' }],
    ['a URL that is none', { ...good, device: { ...good.device, configuration_url: 'x' } }],
    ['null for a text', { ...good, device: { ...good.device, model: null } }],
    ['no platform', withComponent({ platform: undefined })],
    ['an unknown platform', withComponent({ platform: 'thermometer' })],
    ['no unique_id', withComponent({ unique_id: undefined })],
    ['a unique_id twice', { ...good, components: { t: good.components.t, u: good.components.t } }],
    ['no state_topic', withComponent({ state_topic: undefined })],
    [
      'no event_types',
      withComponent({ platform: 'event', device_class: undefined, unit_of_measurement: undefined }),
    ],
    [
      'no command_topic',
      withComponent({ platform: 'switch', device_class: undefined, unit_of_measurement: undefined }),
    ],
    ['a wildcard in a command_topic', withComponent({ command_topic: 'home/+' })],
    ['an unknown device_class', withComponent({ device_class: 'warmth' })],
    ['an unknown state_class', withComponent({ state_class: 'sum' })],
    [
      'a state_class of a class that has none',
      withComponent({
        device_class: 'timestamp',
        unit_of_measurement: undefined,
        state_class: 'measurement',
      }),
    ],
    ['a unit that the class does not have', withComponent({ unit_of_measurement: '%' })],
    ['a sensor for the configuration', withComponent({ entity_category: 'config' })],
    ['a template that does not parse', withComponent({ value_template: '{{ value' })],
    ['an icon of no set', withComponent({ icon: 'x' })],
    ['an object_id', withComponent({ object_id: 'x' })],
    ['the name of the device', withComponent({ name: 'x temperature' })],
  ])('refuses %s', (_, document) => expect(faultsOf(document)).not.toEqual([]))

  it('refuses an id with other characters, and what is no JSON', () => {
    expect(faultsOf(good, 'a b')).not.toEqual([])
    expect(faultsOfDocument(topicOf('x'), '{')).not.toEqual([])
  })
})
