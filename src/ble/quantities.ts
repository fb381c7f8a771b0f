/** A state of which ON and OFF are said. */
const state = <Topic extends string>(topic: Topic, yes: string, no: string) =>
  ({ topic, words: ['ON', 'OFF'], inWords: [yes, no] }) as const

const door = { topic: 'door', words: ['OPEN', 'CLOSED'], inWords: ['open', 'closed'] } as const

/**
 * Everything that is measured, one row each, by its name in `decode`: its topic, its unit, its name in JSON, what `scan` prints of it
 * and what Home Assistant calls it are read here, too. A measurement has what a row is of: a number, or whether something is so.
 */
export const quantities = {
  temperature_c: {
    topic: 'temp_c',
    unit: '°C',
    decimals: 'resolved',
    also: { key: 'temperature_f', topic: 'temp_f', from: toFahrenheit },
    group: 'climate',
    deviceClass: 'temperature',
  },
  humidity: { topic: 'humi', unit: '%', decimals: 'resolved', group: 'climate', deviceClass: 'humidity' },
  dew_point_c: { topic: 'dew_point_c', unit: '°C', inWords: 'dew point #', deviceClass: 'temperature' },
  ambient_c: { topic: 'ambient_c', unit: '°C', inWords: 'ambient #', deviceClass: 'temperature' },
  center_c: { topic: 'center_c', unit: '°C', inWords: 'centre #', deviceClass: 'temperature' },
  end_c: { topic: 'end_c', unit: '°C', inWords: 'end #', deviceClass: 'temperature' },
  pressure_hpa: { topic: 'pressure_hpa', unit: 'hPa', deviceClass: 'atmospheric_pressure' },
  co2: { topic: 'co2', unit: 'ppm', decimals: 0, inWords: '# CO2', deviceClass: 'carbon_dioxide' },
  pm1: { topic: 'pm1', unit: 'µg/m³', inWords: 'PM1 #', deviceClass: 'pm1' },
  pm25: { topic: 'pm25', unit: 'µg/m³', deviceClass: 'pm25' },
  pm4: { topic: 'pm4', unit: 'µg/m³', inWords: 'PM4 #', deviceClass: 'pm4' },
  pm10: { topic: 'pm10', unit: 'µg/m³', inWords: 'PM10 #', deviceClass: 'pm10' },
  tvoc: { topic: 'tvoc', unit: 'µg/m³', inWords: 'VOC #', deviceClass: 'volatile_organic_compounds' },
  formaldehyde_mgm3: { topic: 'formaldehyde_mgm3', unit: 'mg/m³', inWords: 'formaldehyde #' },
  voc_index: { topic: 'voc_index', unit: '', inWords: 'VOC index #', deviceClass: 'aqi' },
  nox_index: { topic: 'nox_index', unit: '', inWords: 'NOx index #', deviceClass: 'aqi' },
  radon_bqm3: { topic: 'radon_bqm3', unit: 'Bq/m³', inWords: 'radon #' },
  radiation_usvh: { topic: 'radiation_usvh', unit: 'µSv/h' },
  radiation_total_usv: {
    topic: 'radiation_total_usv',
    unit: 'µSv',
    inWords: '# in total',
    total: true,
  },
  illuminance_lx: { topic: 'illuminance_lx', unit: 'lx', deviceClass: 'illuminance' },
  light_level: { topic: 'light_level', unit: '', inWords: 'light level #' },
  uv_index: { topic: 'uv_index', unit: '', inWords: 'UV index #' },
  moisture: { topic: 'moisture', unit: '%', inWords: 'soil #', deviceClass: 'moisture' },
  conductivity: { topic: 'conductivity', unit: 'µS/cm', deviceClass: 'conductivity' },
  weight_kg: { topic: 'weight_kg', unit: 'kg', deviceClass: 'weight' },
  weight_lb: { topic: 'weight_lb', unit: 'lb', deviceClass: 'weight' },
  impedance_ohm: { topic: 'impedance_ohm', unit: 'Ω' },
  level_mm: { topic: 'level_mm', unit: 'mm', inWords: 'level #', deviceClass: 'distance' },
  quality: { topic: 'quality', unit: '', inWords: 'quality #', diagnostic: true },
  specific_gravity: { topic: 'specific_gravity', unit: '', inWords: 'gravity #' },
  acceleration_x_mg: { topic: 'acceleration_x_mg', unit: 'mg', inWords: 'x #' },
  acceleration_y_mg: { topic: 'acceleration_y_mg', unit: 'mg', inWords: 'y #' },
  acceleration_z_mg: { topic: 'acceleration_z_mg', unit: 'mg', inWords: 'z #' },
  acceleration_ms2: { topic: 'acceleration_ms2', unit: 'm/s²' },
  gyroscope_dps: { topic: 'gyroscope_dps', unit: '°/s' },
  rotation_deg: { topic: 'rotation_deg', unit: '°', inWords: 'rotation #' },
  rotational_speed_rpm: { topic: 'rotational_speed_rpm', unit: 'rpm' },
  movement_counter: { topic: 'movement_counter', unit: '', inWords: '# movements', total: true },
  count: { topic: 'count', unit: '', inWords: 'count #' },
  distance_mm: { topic: 'distance_mm', unit: 'mm', deviceClass: 'distance' },
  distance_m: { topic: 'distance_m', unit: 'm', deviceClass: 'distance' },
  speed_ms: { topic: 'speed_ms', unit: 'm/s', deviceClass: 'speed' },
  direction_deg: { topic: 'direction_deg', unit: '°', inWords: 'direction #' },
  precipitation_mm: { topic: 'precipitation_mm', unit: 'mm', deviceClass: 'precipitation', total: true },
  duration_s: { topic: 'duration_s', unit: 's', deviceClass: 'duration' },
  timestamp: { topic: 'timestamp', unit: 's', inWords: 'clock #', diagnostic: true },
  current_a: { topic: 'current_a', unit: 'A', deviceClass: 'current' },
  power_w: { topic: 'power_w', unit: 'W', deviceClass: 'power' },
  energy_kwh: { topic: 'energy_kwh', unit: 'kWh', deviceClass: 'energy', total: true },
  gas_m3: { topic: 'gas_m3', unit: 'm³', inWords: 'gas #', deviceClass: 'gas', total: true },
  flow_m3h: { topic: 'flow_m3h', unit: 'm³/h', deviceClass: 'volume_flow_rate' },
  volume_l: { topic: 'volume_l', unit: 'L', deviceClass: 'volume', total: true },
  volume_ml: { topic: 'volume_ml', unit: 'mL', deviceClass: 'volume', total: true },
  volume_storage_l: {
    topic: 'volume_storage_l',
    unit: 'L',
    inWords: '# stored',
    deviceClass: 'volume_storage',
  },
  water_l: { topic: 'water_l', unit: 'L', inWords: 'water #', deviceClass: 'water', total: true },
  occupancy: { ...state('presence', 'occupied', 'empty'), deviceClass: 'occupancy' },
  presence: { ...state('presence', 'somebody there', 'nobody there'), deviceClass: 'presence' },
  motion: { ...state('motion', 'moving', 'still'), deviceClass: 'motion' },
  moving: { ...state('moving', 'moving', 'still'), deviceClass: 'moving' },
  pressure_detected: { ...state('load', 'loaded', 'empty'), deviceClass: 'occupancy' },
  window_open: { ...door, deviceClass: 'window' },
  door_open: { ...door, deviceClass: 'door' },
  opening: { ...door, deviceClass: 'opening' },
  garage_door_open: { ...door, topic: 'garage_door', deviceClass: 'garage_door' },
  unlocked: {
    topic: 'lock',
    words: ['UNLOCKED', 'LOCKED'],
    inWords: ['unlocked', 'locked'],
    deviceClass: 'lock',
  },
  light: { ...state('light', 'light', 'dark'), deviceClass: 'light' },
  leak: { ...state('leak', 'leak', 'dry'), deviceClass: 'moisture' },
  smoke: { ...state('smoke', 'smoke', 'no smoke'), deviceClass: 'smoke' },
  carbon_monoxide: { ...state('carbon_monoxide', 'CO', 'no CO'), deviceClass: 'carbon_monoxide' },
  gas_detected: { ...state('gas_detected', 'gas', 'no gas'), deviceClass: 'gas' },
  sound: { ...state('sound', 'sound', 'silence'), deviceClass: 'sound' },
  vibration: { ...state('vibration', 'vibrating', 'no vibration'), deviceClass: 'vibration' },
  heat: { ...state('heat', 'hot', 'not hot'), deviceClass: 'heat' },
  cold: { ...state('cold', 'cold', 'not cold'), deviceClass: 'cold' },
  safe: { ...state('safe', 'safe', 'not safe') },
  powered: { ...state('powered', 'on', 'off'), deviceClass: 'power' },
  running: { ...state('running', 'running', 'not running'), deviceClass: 'running' },
  generic: state('generic', 'yes', 'no'),
  text: { topic: 'text', unit: '', inWords: '"#"', text: true },
  raw: { topic: 'raw', unit: '', inWords: 'raw #', text: true },
  battery: {
    topic: 'battery',
    unit: '%',
    decimals: 0,
    inWords: 'battery #',
    diagnostic: true,
    deviceClass: 'battery',
  },
  voltage: { topic: 'voltage', unit: 'V', diagnostic: true, deviceClass: 'voltage' },
  consumable: { topic: 'consumable', unit: '%', inWords: '# left', diagnostic: true },
  battery_low: {
    ...state('battery_low', 'battery low', 'battery good'),
    diagnostic: true,
    deviceClass: 'battery',
  },
  charging: {
    ...state('charging', 'charging', 'not charging'),
    diagnostic: true,
    deviceClass: 'battery_charging',
  },
  plugged: { ...state('plugged', 'plugged in', 'unplugged'), diagnostic: true, deviceClass: 'plug' },
  connected: {
    ...state('connected', 'connected', 'not connected'),
    diagnostic: true,
    deviceClass: 'connectivity',
  },
  problem: { ...state('problem', 'problem', 'no problem'), diagnostic: true, deviceClass: 'problem' },
  tamper: { ...state('tamper', 'tampered with', 'untouched'), diagnostic: true, deviceClass: 'tamper' },
  channel: { topic: 'channel', unit: '', inWords: 'channel #', diagnostic: true },
  settings_revision: { topic: 'settings_revision', unit: '', inWords: 'settings #', diagnostic: true },
  rssi: { topic: 'rssi', unit: 'dBm', decimals: 0, diagnostic: true, deviceClass: 'signal_strength' },
} as const satisfies Readonly<Record<string, Quantity>>

/** What is measured, by its name in `decode`: numbers in the unit of their row, whether something is so, and texts. */
export type Measured = {
  readonly [Key in keyof typeof quantities as Key extends 'rssi' ? never : Key]?:
    ValueOf<(typeof quantities)[Key]> | undefined
} & { readonly [Key in `${keyof typeof quantities}_${number}`]?: number | boolean | string | undefined }

type ValueOf<Row> = Row extends { readonly words: readonly string[] }
  ? boolean
  : Row extends { readonly text: true }
    ? string
    : number

export type Quantity = NumberQuantity | StateQuantity

/** A number, or a text. */
interface NumberQuantity extends Row {
  /** As Home Assistant spells it; empty where there is none. */
  readonly unit: string
  /**
   * Digits after the point; `resolved` are those of the measurement. @default as many as the value has
   */
  readonly decimals?: number | 'resolved'
  /** It only rises, but for starting over. */
  readonly total?: true
  /** Its value is a text, and said as it is. */
  readonly text?: true
  /** The same in another unit, reported beside it. */
  readonly also?: {
    readonly key: string
    readonly topic: string
    readonly from: (value: number, decimals?: number) => number
  }
  /** What people read; `#` is the number and its unit. @default '#' */
  readonly inWords?: string
  readonly words?: undefined
}

/** Something that is so, or is not. */
interface StateQuantity extends Row {
  readonly also?: undefined
  /** What is reported. */
  readonly words: readonly [yes: string, no: string]
  /** What people read. */
  readonly inWords: readonly [yes: string, no: string]
}

interface Row {
  /** The last level of its topic. */
  readonly topic: string
  /** It is about the device and not about where that is. */
  readonly diagnostic?: true
  /** `scan` prints those of one group together. */
  readonly group?: string
  /** What Home Assistant calls what it is. */
  readonly deviceClass?: string
}

const rows: ReadonlyMap<string, Quantity> = new Map(Object.entries(quantities))

/**
 * The quantity with a name, if there is one. What a packet says a second time has a number behind its name, and behind its topic:
 * `temperature_c_2` is at `temp_c_2`.
 */
export const quantityOf = (key: string): Quantity | undefined => rows.get(key) ?? numbered(key)

function numbered(key: string): Quantity | undefined {
  const [, name = '', suffix = ''] = /^(.+)(_\d+)$/.exec(key) ?? []
  const quantity = rows.get(name)
  if (!quantity) return undefined
  const { topic, also } = quantity
  const other = also && { ...also, key: also.key + suffix, topic: also.topic + suffix }
  return { ...quantity, topic: topic + suffix, ...(other && { also: other }) } as Quantity
}

/**
 * What a number is called in `decode` and in JSON, by its topic; undefined for what is none. In JSON a state is called as its
 * topic, since its word is the one that is said there.
 */
export function numberName(topic: string): string | undefined {
  const [, name = topic, suffix = ''] = /^(.+)(_\d+)$/.exec(topic) ?? []
  const known = numberNames.get(topic) ?? numberNames.get(name)
  return known === undefined || numberNames.has(topic) ? known : known + suffix
}

const numberNames: ReadonlyMap<string, string> = new Map(
  [...rows].flatMap(([key, { topic, words, also }]): [topic: string, name: string][] =>
    words ? [] : [[topic, key], ...(also ? [[also.topic, also.key] as [string, string]] : [])],
  ),
)

/** °C to °F, rounded to `decimals`, never `-0`. */
export function toFahrenheit(celsius: number, decimals = 2): number {
  const scale = 10 ** decimals
  return Math.round(celsius * scale * 1.8 + 32 * scale) / scale || 0
}
