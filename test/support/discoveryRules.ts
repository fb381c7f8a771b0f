/**
 * What Home Assistant 2026.9 refuses in a device-based discovery message, from its documentation and its schemas
 * (homeassistant/components/mqtt: schemas, abbreviations and the platforms; sensor and binary_sensor: const), not from what we publish.
 */

type Json = Readonly<Record<string, unknown>>

const topLevel = [
  ...['device', 'origin', 'components', 'availability', 'availability_mode', 'availability_topic'],
  ...['availability_template', 'payload_available', 'payload_not_available', 'state_topic', 'command_topic'],
  ...['qos', 'encoding', 'message_expiry_interval'],
]
const deviceKeys = [
  ...['identifiers', 'connections', 'name', 'manufacturer', 'model', 'model_id', 'hw_version', 'sw_version'],
  ...['serial_number', 'suggested_area', 'via_device', 'configuration_url'],
]
const originKeys = ['name', 'sw_version', 'support_url']
const availabilityKeys = ['topic', 'payload_available', 'payload_not_available', 'value_template']

const required: Readonly<Record<string, readonly string[]>> = {
  sensor: ['state_topic'],
  binary_sensor: ['state_topic'],
  event: ['state_topic', 'event_types'],
  switch: ['command_topic'],
  button: ['command_topic'],
  light: ['command_topic'],
}

/** Of those, what we have: an unknown one is dropped, so the light would lack what it was for. */
const lightKeys = [
  ...[
    'platform',
    'unique_id',
    'name',
    'state_topic',
    'command_topic',
    'retain',
    'qos',
    'payload_on',
    'payload_off',
  ],
  ...['on_command_type', 'state_value_template', 'brightness_command_topic', 'brightness_state_topic'],
  ...[
    'brightness_scale',
    'brightness_value_template',
    'hs_command_topic',
    'hs_state_topic',
    'hs_value_template',
  ],
]

/** The units of each class; those of `null` have none. */
const sensorUnits: Readonly<Record<string, readonly string[] | null>> = {
  aqi: null,
  atmospheric_pressure: ['hPa', 'Pa', 'kPa', 'mbar', 'bar', 'mmHg', 'inHg', 'psi', 'cbar', 'inH₂O'],
  battery: ['%'],
  carbon_dioxide: ['ppm'],
  conductivity: ['S/cm', 'mS/cm', 'µS/cm'],
  current: ['A', 'mA'],
  date: null,
  distance: ['km', 'm', 'cm', 'mm', 'mi', 'nmi', 'yd', 'ft', 'in'],
  duration: ['d', 'h', 'min', 's', 'ms', 'µs'],
  enum: null,
  energy: ['J', 'kJ', 'MJ', 'GJ', 'mWh', 'Wh', 'kWh', 'MWh', 'GWh', 'TWh', 'cal', 'kcal', 'Mcal', 'Gcal'],
  gas: ['L', 'm³', 'ft³', 'CCF', 'MCF'],
  humidity: ['%'],
  illuminance: ['lx'],
  moisture: ['%'],
  pm1: ['µg/m³'],
  pm10: ['µg/m³'],
  pm25: ['µg/m³'],
  pm4: ['µg/m³'],
  power: ['mW', 'W', 'kW', 'MW', 'GW', 'TW', 'BTU/h'],
  precipitation: ['cm', 'in', 'mm'],
  signal_strength: ['dB', 'dBm'],
  speed: [
    'ft/s',
    'in/d',
    'in/h',
    'in/s',
    'km/h',
    'kn',
    'm/min',
    'm/s',
    'mph',
    'mm/d',
    'mm/h',
    'mm/s',
    'Beaufort',
  ],
  timestamp: null,
  temperature: ['°C', '°F', 'K'],
  volatile_organic_compounds: ['µg/m³', 'mg/m³'],
  voltage: ['µV', 'mV', 'V', 'kV', 'MV'],
  volume: ['L', 'mL', 'gal', 'fl. oz.', 'm³', 'ft³', 'CCF', 'MCF'],
  volume_flow_rate: [
    'm³/h',
    'm³/min',
    'm³/s',
    'ft³/min',
    'L/h',
    'L/min',
    'L/s',
    'gal/d',
    'gal/h',
    'gal/min',
    'mL/s',
  ],
  volume_storage: ['L', 'mL', 'gal', 'fl. oz.', 'm³', 'ft³', 'CCF', 'MCF'],
  water: ['L', 'gal', 'm³', 'ft³', 'CCF', 'MCF'],
  weight: ['kg', 'g', 'mg', 'µg', 'oz', 'lb', 'st'],
}
const classes: Readonly<Record<string, readonly string[]>> = {
  sensor: Object.keys(sensorUnits),
  binary_sensor: [
    ...[
      'battery',
      'battery_charging',
      'carbon_monoxide',
      'cold',
      'connectivity',
      'door',
      'garage_door',
      'gas',
    ],
    ...['heat', 'light', 'lock', 'moisture', 'motion', 'moving', 'occupancy', 'opening', 'plug', 'power'],
    ...[
      'presence',
      'problem',
      'running',
      'safety',
      'smoke',
      'sound',
      'tamper',
      'update',
      'vibration',
      'window',
    ],
  ],
  event: ['button', 'doorbell', 'motion'],
  switch: ['outlet', 'switch'],
  button: ['identify', 'restart', 'update'],
}
const stateClasses = ['measurement', 'measurement_angle', 'total', 'total_increasing']
/** Those of which something only adds up. */
const adding = ['energy', 'gas', 'volume', 'water']

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const unknownKeys = (where: string, given: Json, known: readonly string[]) =>
  Object.keys(given)
    .filter((key) => !known.includes(key))
    .map((key) => `${where}: unknown key ${key}`)

const isTemplate = (text: string) =>
  (text.match(/\{\{/g) ?? []).length === (text.match(/\}\}/g) ?? []).length &&
  (text.match(/\{%/g) ?? []).length === (text.match(/%\}/g) ?? []).length &&
  (text.match(/\(/g) ?? []).length === (text.match(/\)/g) ?? []).length

/** Why Home Assistant would refuse a document, or a component of it; or drop something that is then not as it was meant. */
export function faultsOfDocument(topic: string, text: string): string[] {
  const [, , id = '', last] = topic.split('/')
  const faults: string[] = []
  if (!/^[\w-]+$/.test(id) || last !== 'config') faults.push(`the topic ${topic}`)
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    return [...faults, 'no JSON']
  }
  if (!isObject(document)) return [...faults, 'no object']
  const { device, origin, components, availability } = document
  faults.push(...unknownKeys('document', document, topLevel))
  if (!isObject(device)) faults.push('no device')
  else {
    faults.push(...unknownKeys('device', device, deviceKeys))
    if (device['identifiers'] === undefined && device['connections'] === undefined)
      faults.push('device without identifiers and connections')
    for (const pair of (device['connections'] ?? []) as unknown[])
      if (!Array.isArray(pair) || pair.length !== 2) faults.push('connections are pairs')
    if ('configuration_url' in device && !/^https?:\/\//.test(String(device['configuration_url'])))
      faults.push('configuration_url is none')
    for (const [key, value] of Object.entries(device))
      if (value === null) faults.push(`device: ${key} is null`)
  }
  if (!isObject(origin)) faults.push('no origin')
  else {
    faults.push(...unknownKeys('origin', origin, originKeys))
    if (typeof origin['name'] !== 'string') faults.push('origin without name')
  }
  if (availability !== undefined) {
    if ('availability_topic' in document) faults.push('availability beside availability_topic')
    for (const entry of Array.isArray(availability) ? (availability as unknown[]) : [undefined])
      if (!isObject(entry) || typeof entry['topic'] !== 'string') faults.push('availability without topic')
      else faults.push(...unknownKeys('availability', entry, availabilityKeys))
  }
  if (!isObject(components) || Object.keys(components).length === 0) return [...faults, 'no components']
  const ids = new Set<unknown>()
  for (const [key, component] of Object.entries(components)) {
    faults.push(...faultsOfComponent(key, component, isObject(device) ? String(device['name']) : ''))
    if (!isObject(component)) continue
    if (ids.has(component['unique_id'])) faults.push(`${key}: unique_id twice`)
    ids.add(component['unique_id'])
  }
  return faults
}

function faultsOfComponent(key: string, component: unknown, deviceName: string): string[] {
  if (!isObject(component)) return [`${key}: no object`]
  const text = (name: string) => (typeof component[name] === 'string' ? component[name] : undefined)
  const platform = text('platform') ?? ''
  const faults: string[] = []
  const needed = required[platform]
  if (!needed) return [`${key}: platform ${platform}`]
  // A component that is to be removed has nothing else.
  if (Object.keys(component).length === 1) return []
  if (!/^[\w-]+$/.test(key)) faults.push('the key')
  if (!text('unique_id')) faults.push('no unique_id')
  for (const name of needed) if (component[name] === undefined) faults.push(`no ${name}`)
  const topics = [
    'state_topic',
    'command_topic',
    'brightness_state_topic',
    'brightness_command_topic',
    'hs_state_topic',
    'hs_command_topic',
  ]
  for (const name of topics) if (/[+#]|^$/.test(text(name) ?? 'x')) faults.push(`${name} has a wildcard`)
  if ('object_id' in component) faults.push('object_id')
  const [deviceClass, unit] = [text('device_class'), text('unit_of_measurement')]
  if ('device_class' in component && !classes[platform]?.includes(deviceClass ?? ''))
    faults.push(`device_class ${String(deviceClass)}`)
  if (platform === 'sensor' && deviceClass !== undefined && deviceClass in sensorUnits) {
    const units = sensorUnits[deviceClass]
    if (units ? !units.includes(unit ?? '') : unit !== undefined)
      faults.push(`unit ${String(unit)} of ${deviceClass}`)
    if (adding.includes(deviceClass) && component['state_class'] === 'measurement')
      faults.push(`state_class measurement of ${deviceClass}`)
  }
  if (['date', 'enum', 'timestamp'].includes(deviceClass ?? '') && 'state_class' in component)
    faults.push(`state_class of ${String(deviceClass)}`)
  if (platform !== 'sensor' && unit !== undefined) faults.push('a unit')
  if (unit === '') faults.push('an empty unit')
  if ('state_class' in component && !stateClasses.includes(text('state_class') ?? ''))
    faults.push('state_class')
  const category = text('entity_category')
  if ('entity_category' in component && category !== 'diagnostic' && category !== 'config')
    faults.push('entity_category')
  if (category === 'config' && /sensor$/.test(platform)) faults.push('entity_category config')
  for (const name of Object.keys(component).filter((each) => each.endsWith('value_template')))
    if (!isTemplate(text(name) ?? '')) faults.push(name)
  if (platform === 'light') faults.push(...unknownKeys('light', component, lightKeys))
  if ('icon' in component && !/^mdi:[a-z0-9-]+$/.test(text('icon') ?? '')) faults.push('icon')
  const name = text('name')
  if (name === '' || (name !== undefined && deviceName !== '' && name.startsWith(deviceName)))
    faults.push(`name ${name}`)
  const types = component['event_types']
  if (platform === 'event' && !(Array.isArray(types) && types.length > 0)) faults.push('event_types')
  if (Array.isArray(component['availability']) && 'availability_topic' in component)
    faults.push('availability beside availability_topic')
  return faults.map((fault) => `${key}: ${fault}`)
}
