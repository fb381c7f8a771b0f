import type { BleEvent, ButtonAction } from '../measurement.js'
import type { Measured } from '../quantities.js'

export const buttonActions: ReadonlyMap<number, ButtonAction> = new Map([
  [0x01, 'press'],
  [0x02, 'double_press'],
  [0x03, 'triple_press'],
  [0x04, 'long_press'],
  [0x05, 'long_double_press'],
  [0x06, 'long_triple_press'],
  [0x80, 'hold_press'],
  // Shelly's firmware before 1.0.20.
  [0xfe, 'hold_press'],
])

type ActionOf<Type> = Extract<BleEvent, { type: Type }> extends { action: infer Action } ? Action : never

export const dimmerActions: ReadonlyMap<number, ActionOf<'dimmer'>> = new Map([
  [1, 'rotate_left'],
  [2, 'rotate_right'],
])

export const commandActions: ReadonlyMap<number, ActionOf<'command'>> = new Map([
  [0, 'off'],
  [1, 'on'],
  [2, 'toggle'],
  [3, 'step_up'],
  [4, 'step_down'],
])

/** Something that can be said, and the bytes of its value; without a size the first of them says how many follow. */
export type BthomeObject =
  | NumberObject
  | { readonly type: 'state'; readonly key: KeyOf<boolean>; readonly size: number }
  | { readonly type: 'text' | 'raw'; readonly key: KeyOf<string>; readonly size?: undefined }
  | { readonly type: 'button' | 'dimmer' | 'packet' | 'device'; readonly size: number }
  | { readonly type: 'command'; readonly size?: undefined }

/** A whole number, of which `perUnit` make `times` of the unit. */
export interface NumberObject {
  readonly type: 'number'
  readonly key: KeyOf<number>
  readonly size: number
  readonly signed: boolean
  readonly perUnit: number
  readonly times: number
}

/** Quantities with values of this type, the numbered ones left out. */
type KeyOf<Value> = {
  [Key in keyof Measured]-?: Key extends `${string}_${number}`
    ? never
    : [Measured[Key]] extends [Value | undefined]
      ? Key
      : never
}[keyof Measured]

type NumberRow = [id: number, key: KeyOf<number>, perUnit?: number, times?: number]

const numbers = (size: number, signed: boolean, rows: readonly NumberRow[]) =>
  rows.map(([id, key, perUnit = 1, times = 1]): [number, BthomeObject] => [
    id,
    { type: 'number', key, size, signed, perUnit, times },
  ])

const states = (rows: readonly [id: number, key: KeyOf<boolean>][]) =>
  rows.map(([id, key]): [number, BthomeObject] => [id, { type: 'state', key, size: 1 }])

/** Everything that can be said, by its id; where a quantity has several, the one that is used most comes first. */
export const objects: ReadonlyMap<number, BthomeObject> = new Map<number, BthomeObject>([
  ...numbers(2, false, [
    [0x03, 'humidity', 100],
    [0x06, 'weight_kg', 100],
    [0x07, 'weight_lb', 100],
    [0x0c, 'voltage', 1000],
    [0x0d, 'pm25'],
    [0x0e, 'pm10'],
    [0x12, 'co2'],
    [0x13, 'tvoc'],
    [0x14, 'moisture', 100],
    [0x3d, 'count'],
    [0x40, 'distance_mm'],
    [0x41, 'distance_m', 10],
    [0x43, 'current_a', 1000],
    [0x44, 'speed_ms', 100],
    [0x47, 'volume_l', 10],
    [0x48, 'volume_ml'],
    [0x49, 'flow_m3h', 1000],
    [0x4a, 'voltage', 10],
    [0x51, 'acceleration_ms2', 1000],
    [0x52, 'gyroscope_dps', 1000],
    [0x56, 'conductivity'],
    [0x5e, 'direction_deg', 100],
    [0x5f, 'precipitation_mm', 10],
    [0x61, 'rotational_speed_rpm'],
  ]),
  ...numbers(1, false, [
    [0x01, 'battery'],
    [0x09, 'count'],
    [0x2e, 'humidity'],
    [0x2f, 'moisture'],
    [0x46, 'uv_index', 10],
    [0x60, 'channel'],
    [0x64, 'light_level'],
    [0x65, 'settings_revision'],
  ]),
  ...numbers(3, false, [
    [0x04, 'pressure_hpa', 100],
    [0x05, 'illuminance_lx', 100],
    [0x0a, 'energy_kwh', 1000],
    [0x0b, 'power_w', 100],
    [0x42, 'duration_s', 1000],
    [0x4b, 'gas_m3', 1000],
  ]),
  ...numbers(4, false, [
    [0x3e, 'count'],
    [0x4c, 'gas_m3', 1000],
    [0x4d, 'energy_kwh', 1000],
    [0x4e, 'volume_l', 1000],
    [0x4f, 'water_l', 1000],
    [0x50, 'timestamp'],
    [0x55, 'volume_storage_l', 1000],
  ]),
  ...numbers(2, true, [
    [0x02, 'temperature_c', 100],
    [0x08, 'dew_point_c', 100],
    [0x3f, 'rotation_deg', 10],
    [0x45, 'temperature_c', 10],
    [0x5a, 'count'],
    [0x5d, 'current_a', 1000],
  ]),
  ...numbers(1, true, [
    [0x57, 'temperature_c'],
    [0x58, 'temperature_c', 100, 35],
    [0x59, 'count'],
  ]),
  ...numbers(4, true, [
    [0x5b, 'count'],
    [0x5c, 'power_w', 100],
    [0x62, 'speed_ms', 1_000_000],
    [0x63, 'acceleration_ms2', 1_000_000],
  ]),
  ...states([
    [0x0f, 'generic'],
    [0x10, 'powered'],
    [0x11, 'opening'],
    [0x15, 'battery_low'],
    [0x16, 'charging'],
    [0x17, 'carbon_monoxide'],
    [0x18, 'cold'],
    [0x19, 'connected'],
    [0x1a, 'door_open'],
    [0x1b, 'garage_door_open'],
    [0x1c, 'gas_detected'],
    [0x1d, 'heat'],
    [0x1e, 'light'],
    [0x1f, 'unlocked'],
    [0x20, 'leak'],
    [0x21, 'motion'],
    [0x22, 'moving'],
    [0x23, 'occupancy'],
    [0x24, 'plugged'],
    [0x25, 'presence'],
    [0x26, 'problem'],
    [0x27, 'running'],
    [0x28, 'safe'],
    [0x29, 'smoke'],
    [0x2a, 'sound'],
    [0x2b, 'tamper'],
    [0x2c, 'vibration'],
    [0x2d, 'window_open'],
  ]),
  [0x53, { type: 'text', key: 'text' }],
  [0x54, { type: 'raw', key: 'raw' }],
  [0x3a, { type: 'button', size: 1 }],
  [0x3b, { type: 'command' }],
  [0x3c, { type: 'dimmer', size: 2 }],
  [0x00, { type: 'packet', size: 1 }],
  // Which device it is, and the version of its firmware.
  [0xf0, { type: 'device', size: 2 }],
  [0xf1, { type: 'device', size: 4 }],
  [0xf2, { type: 'device', size: 3 }],
])
