import type { Quantity as DescribedQuantity } from '../description.js'

/** A state of which ON and OFF are said. */
const state = <Topic extends string>(topic: Topic, yes: string, no: string) =>
  ({ topic, words: ['ON', 'OFF'], inWords: [yes, no] }) as const

const door = { topic: 'door', words: ['OPEN', 'CLOSED'], inWords: ['open', 'closed'] } as const

/**
 * Everything that is measured, one row each, by its name in `decode`: its topic, its unit, its name in JSON, what `scan` prints of it
 * and what Home Assistant calls it are read here, too. A measurement has what a row is of: a number, or whether something is so.
 */
export const quantities = {
  /** Temperature, °C. */
  temperature_c: {
    topic: 'temp_c',
    unit: '°C',
    decimals: 'resolved',
    also: {
      key: 'temperature_f',
      topic: 'temp_f',
      from: toFahrenheit,
      unit: '°F',
      deviceClass: 'temperature',
      again: true,
    },
    group: 'climate',
    deviceClass: 'temperature',
  },
  /** Relative humidity, %. */
  humidity: { topic: 'humi', unit: '%', decimals: 'resolved', group: 'climate', deviceClass: 'humidity' },
  /** Dew point, °C. */
  dew_point_c: { topic: 'dew_point_c', unit: '°C', inWords: 'dew point #', deviceClass: 'temperature' },
  /** Temperature around a probe, °C. */
  ambient_c: { topic: 'ambient_c', unit: '°C', inWords: 'ambient #', deviceClass: 'temperature' },
  /** Temperature in the middle of a probe, °C. */
  center_c: { topic: 'center_c', unit: '°C', inWords: 'centre #', deviceClass: 'temperature' },
  /** Temperature at the end of a probe, °C. */
  end_c: { topic: 'end_c', unit: '°C', inWords: 'end #', deviceClass: 'temperature' },
  /** Air pressure, hPa. */
  pressure_hpa: { topic: 'pressure_hpa', unit: 'hPa', deviceClass: 'atmospheric_pressure' },
  /** CO2, ppm. */
  co2: { topic: 'co2', unit: 'ppm', decimals: 0, inWords: '# CO2', deviceClass: 'carbon_dioxide' },
  /** Fine dust up to 1 µm, µg/m³. */
  pm1: { topic: 'pm1', unit: 'µg/m³', inWords: 'PM1 #', deviceClass: 'pm1' },
  /** Fine dust up to 2.5 µm, µg/m³. */
  pm25: { topic: 'pm25', unit: 'µg/m³', deviceClass: 'pm25' },
  /** Fine dust up to 4 µm, µg/m³. */
  pm4: { topic: 'pm4', unit: 'µg/m³', inWords: 'PM4 #', deviceClass: 'pm4' },
  /** Fine dust up to 10 µm, µg/m³. */
  pm10: { topic: 'pm10', unit: 'µg/m³', inWords: 'PM10 #', deviceClass: 'pm10' },
  /** Volatile organic compounds, µg/m³. */
  tvoc: { topic: 'tvoc', unit: 'µg/m³', inWords: 'VOC #', deviceClass: 'volatile_organic_compounds' },
  /** Formaldehyde, mg/m³. */
  formaldehyde_mgm3: { topic: 'formaldehyde_mgm3', unit: 'mg/m³', inWords: 'formaldehyde #' },
  /** Index of volatile organic compounds, 0 to 500. */
  voc_index: { topic: 'voc_index', unit: '', inWords: 'VOC index #', deviceClass: 'aqi' },
  /** Index of nitrogen oxides, 0 to 500. */
  nox_index: { topic: 'nox_index', unit: '', inWords: 'NOx index #', deviceClass: 'aqi' },
  /** Radon, Bq/m³. */
  radon_bqm3: { topic: 'radon_bqm3', unit: 'Bq/m³', inWords: 'radon #' },
  /** Radiation, µSv/h. */
  radiation_usvh: { topic: 'radiation_usvh', unit: 'µSv/h' },
  /** Radiation since the start of the device, µSv. */
  radiation_total_usv: {
    topic: 'radiation_total_usv',
    unit: 'µSv',
    inWords: '# in total',
    total: true,
  },
  /** Illuminance, lx. */
  illuminance_lx: { topic: 'illuminance_lx', unit: 'lx', deviceClass: 'illuminance' },
  /** Brightness in steps of the device. */
  light_level: { topic: 'light_level', unit: '', inWords: 'light level #' },
  /** UV index. */
  uv_index: { topic: 'uv_index', unit: '', inWords: 'UV index #' },
  /** Moisture of the soil, %. */
  moisture: { topic: 'moisture', unit: '%', inWords: 'soil #', deviceClass: 'moisture' },
  /** Conductivity, µS/cm. */
  conductivity: { topic: 'conductivity', unit: 'µS/cm', deviceClass: 'conductivity' },
  /** Weight, kg. */
  weight_kg: { topic: 'weight_kg', unit: 'kg', deviceClass: 'weight' },
  /** Weight, lb. */
  weight_lb: { topic: 'weight_lb', unit: 'lb', deviceClass: 'weight' },
  /** Impedance, Ω. */
  impedance_ohm: { topic: 'impedance_ohm', unit: 'Ω' },
  /** Level, mm. */
  level_mm: { topic: 'level_mm', unit: 'mm', inWords: 'level #', deviceClass: 'distance' },
  /** How well the level is measured, 0 to 3. */
  quality: { topic: 'quality', unit: '', inWords: 'quality #', diagnostic: true },
  /** Specific gravity. */
  specific_gravity: { topic: 'specific_gravity', unit: '', inWords: 'gravity #' },
  /** Acceleration x, mg. */
  acceleration_x_mg: { topic: 'acceleration_x_mg', unit: 'mg', inWords: 'x #' },
  /** Acceleration y, mg. */
  acceleration_y_mg: { topic: 'acceleration_y_mg', unit: 'mg', inWords: 'y #' },
  /** Acceleration z, mg. */
  acceleration_z_mg: { topic: 'acceleration_z_mg', unit: 'mg', inWords: 'z #' },
  /** Acceleration, m/s². */
  acceleration_ms2: { topic: 'acceleration_ms2', unit: 'm/s²' },
  /** Gyroscope, °/s. */
  gyroscope_dps: { topic: 'gyroscope_dps', unit: '°/s' },
  /** Rotation, °. */
  rotation_deg: { topic: 'rotation_deg', unit: '°', inWords: 'rotation #' },
  /** Rotational speed, rpm. */
  rotational_speed_rpm: { topic: 'rotational_speed_rpm', unit: 'rpm' },
  /** How often it was moved. */
  movement_counter: { topic: 'movement_counter', unit: '', inWords: '# movements', total: true },
  /** What the device counts. */
  count: { topic: 'count', unit: '', inWords: 'count #' },
  /** Distance, mm. */
  distance_mm: { topic: 'distance_mm', unit: 'mm', deviceClass: 'distance' },
  /** Distance, m. */
  distance_m: { topic: 'distance_m', unit: 'm', deviceClass: 'distance' },
  /** Speed, m/s. */
  speed_ms: { topic: 'speed_ms', unit: 'm/s', deviceClass: 'speed' },
  /** Direction, °. */
  direction_deg: { topic: 'direction_deg', unit: '°', inWords: 'direction #' },
  /** Precipitation, mm. */
  precipitation_mm: { topic: 'precipitation_mm', unit: 'mm', deviceClass: 'precipitation', total: true },
  /** Duration, s. */
  duration_s: { topic: 'duration_s', unit: 's', deviceClass: 'duration' },
  /** The clock of the device, since the epoch, s. */
  timestamp: { topic: 'timestamp', unit: 's', inWords: 'clock #', diagnostic: true },
  /** Current, A. */
  current_a: { topic: 'current_a', unit: 'A', deviceClass: 'current' },
  /** Power, W. */
  power_w: { topic: 'power_w', unit: 'W', deviceClass: 'power' },
  /** Energy, kWh. */
  energy_kwh: { topic: 'energy_kwh', unit: 'kWh', deviceClass: 'energy', total: true },
  /** Gas, m³. */
  gas_m3: { topic: 'gas_m3', unit: 'm³', inWords: 'gas #', deviceClass: 'gas', total: true },
  /** Flow, m³/h. */
  flow_m3h: { topic: 'flow_m3h', unit: 'm³/h', deviceClass: 'volume_flow_rate' },
  /** Volume, L. */
  volume_l: { topic: 'volume_l', unit: 'L', deviceClass: 'volume', total: true },
  /** Volume, mL. */
  volume_ml: { topic: 'volume_ml', unit: 'mL', deviceClass: 'volume', total: true },
  /** Volume storage, L. */
  volume_storage_l: {
    topic: 'volume_storage_l',
    unit: 'L',
    inWords: '# stored',
    deviceClass: 'volume_storage',
  },
  /** Water, L. */
  water_l: { topic: 'water_l', unit: 'L', inWords: 'water #', deviceClass: 'water', total: true },
  /** Whether somebody is there. */
  occupancy: { ...state('presence', 'occupied', 'empty'), deviceClass: 'occupancy' },
  /** Whether somebody is there. */
  presence: { ...state('presence', 'somebody there', 'nobody there'), deviceClass: 'presence' },
  /** Whether it says "moving" or "still". */
  motion: { ...state('motion', 'moving', 'still'), deviceClass: 'motion' },
  /** Whether it says "moving" or "still". */
  moving: { ...state('moving', 'moving', 'still'), deviceClass: 'moving' },
  /** Whether something lies on it. */
  pressure_detected: { ...state('load', 'loaded', 'empty'), deviceClass: 'occupancy' },
  /** Whether a window is open. */
  window_open: { ...door, deviceClass: 'window' },
  /** Whether a door is open. */
  door_open: { ...door, deviceClass: 'door' },
  /** Whether something is open. */
  opening: { ...door, deviceClass: 'opening' },
  /** Whether a garage door is open. */
  garage_door_open: { ...door, topic: 'garage_door', deviceClass: 'garage_door' },
  /** Whether a lock is open. */
  unlocked: {
    topic: 'lock',
    words: ['UNLOCKED', 'LOCKED'],
    inWords: ['unlocked', 'locked'],
    deviceClass: 'lock',
  },
  /** Whether it says "light" or "dark". */
  light: { ...state('light', 'light', 'dark'), deviceClass: 'light' },
  /** Whether it says "leak" or "dry". */
  leak: { ...state('leak', 'leak', 'dry'), deviceClass: 'moisture' },
  /** Whether it says "smoke" or "no smoke". */
  smoke: { ...state('smoke', 'smoke', 'no smoke'), deviceClass: 'smoke' },
  /** Whether it says "CO" or "no CO". */
  carbon_monoxide: { ...state('carbon_monoxide', 'CO', 'no CO'), deviceClass: 'carbon_monoxide' },
  /** Whether it says "gas" or "no gas". */
  gas_detected: { ...state('gas_detected', 'gas', 'no gas'), deviceClass: 'gas' },
  /** Whether it says "sound" or "silence". */
  sound: { ...state('sound', 'sound', 'silence'), deviceClass: 'sound' },
  /** Whether it says "vibrating" or "no vibration". */
  vibration: { ...state('vibration', 'vibrating', 'no vibration'), deviceClass: 'vibration' },
  /** Whether it says "hot" or "not hot". */
  heat: { ...state('heat', 'hot', 'not hot'), deviceClass: 'heat' },
  /** Whether it says "cold" or "not cold". */
  cold: { ...state('cold', 'cold', 'not cold'), deviceClass: 'cold' },
  /** Whether it says "safe" or "not safe". */
  safe: { ...state('safe', 'safe', 'not safe') },
  /** Whether it has power. */
  powered: { ...state('powered', 'on', 'off'), deviceClass: 'power' },
  /** Whether it says "running" or "not running". */
  running: { ...state('running', 'running', 'not running'), deviceClass: 'running' },
  /** Whether something is so. */
  generic: state('generic', 'yes', 'no'),
  /** A text. */
  text: { topic: 'text', unit: '', inWords: '"#"', text: true },
  /** Bytes, hex digits. */
  raw: { topic: 'raw', unit: '', inWords: 'raw #', text: true },
  /** Battery, %. */
  battery: {
    topic: 'battery',
    unit: '%',
    decimals: 0,
    inWords: 'battery #',
    diagnostic: true,
    deviceClass: 'battery',
  },
  /** Voltage, V. */
  voltage: { topic: 'voltage', unit: 'V', diagnostic: true, deviceClass: 'voltage' },
  /** What is left of a consumable, %. */
  consumable: { topic: 'consumable', unit: '%', inWords: '# left', diagnostic: true },
  /** Whether the battery is low. */
  battery_low: {
    ...state('battery_low', 'battery low', 'battery good'),
    diagnostic: true,
    deviceClass: 'battery',
  },
  /** Whether it says "charging" or "not charging". */
  charging: {
    ...state('charging', 'charging', 'not charging'),
    diagnostic: true,
    deviceClass: 'battery_charging',
  },
  /** Whether it says "plugged in" or "unplugged". */
  plugged: { ...state('plugged', 'plugged in', 'unplugged'), diagnostic: true, deviceClass: 'plug' },
  /** Whether it says "connected" or "not connected". */
  connected: {
    ...state('connected', 'connected', 'not connected'),
    diagnostic: true,
    deviceClass: 'connectivity',
  },
  /** Whether it says "problem" or "no problem". */
  problem: { ...state('problem', 'problem', 'no problem'), diagnostic: true, deviceClass: 'problem' },
  /** Whether it says "tampered with" or "untouched". */
  tamper: { ...state('tamper', 'tampered with', 'untouched'), diagnostic: true, deviceClass: 'tamper' },
  /** Channel. */
  channel: { topic: 'channel', unit: '', inWords: 'channel #', diagnostic: true },
  /** Revision of the settings of the device. */
  settings_revision: { topic: 'settings_revision', unit: '', inWords: 'settings #', diagnostic: true },
  /** Strength of the packet, dBm. */
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
  /** The same in another unit, reported beside it. */
  readonly also?: DescribedQuantity & {
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
  readonly decimals?: undefined
  /** What is reported. */
  readonly words: readonly [yes: string, no: string]
  /** What people read. */
  readonly inWords: readonly [yes: string, no: string]
}

interface Row extends DescribedQuantity {
  /** The last level of its topic. */
  readonly topic: string
  /** `scan` prints those of one group together. */
  readonly group?: string
}

/** How a button may be used. */
const uses = [
  'press',
  'double_press',
  'triple_press',
  'long_press',
  'long_double_press',
  'long_triple_press',
  'hold_press',
]

/** What may happen, by its topic; how a button was used is said behind its number, at `button0`. */
export const happenings = (topic: string): DescribedQuantity => rowsOfEvents[topic] ?? useOfButton

const useOfButton: DescribedQuantity = { deviceClass: 'button', events: uses }

const rowsOfEvents: Readonly<Record<string, DescribedQuantity>> = {
  motion: { deviceClass: 'motion', events: ['motion'] },
  vibration: { events: ['vibration'] },
  button: {
    deviceClass: 'button',
    events: ['button_0', 'button_1', 'button_2', 'button_3', 'button_4', 'button_5'],
  },
  dimmer: { events: ['rotate_left', 'rotate_right'] },
  command: { events: ['off', 'on', 'toggle', 'step_up', 'step_down'] },
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
