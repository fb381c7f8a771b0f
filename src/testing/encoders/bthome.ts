import {
  buttonActions,
  commandActions,
  dimmerActions,
  type NumberObject,
  objects,
} from '../../ble/formats/bthomeObjects.js'
import type { BleEvent } from '../../ble/measurement.js'
import { encryptCcm } from './ccm.js'
import { type BrandEncoder, type BrandValues, steps } from './encoder.js'

const keys = [...new Set([...objects.values()].flatMap((object) => ('key' in object ? [object.key] : [])))]

/** Any device that speaks version 2: everything that can be said, each quantity once or twice; numbers as exact as they are. */
export const bthomeEncoder: BrandEncoder = {
  brand: 'BTHome',
  says: [
    ...keys.map((key): keyof BrandValues => (key === 'temperature_c' ? 'temperature' : key)),
    ...keys.map((key): keyof BrandValues => `${key}_2`),
    ...(['event', 'events', 'packet', 'counter'] as const),
  ],
  encode({ event, events = event ? [event] : [], packet = 1, counter = 1, ...values }, { address, key }) {
    const said = [
      [0x00, steps('packet', packet, 0, 255)],
      ...keys.flatMap((name) => sayAll(name, [values[name], values[`${name}_2`]])),
      ...sayEvents(events),
    ]
    // The specification has them in the order of their ids.
    const plain = Buffer.from(said.sort(([a = 0], [b = 0]) => a - b).flat())
    const data = key
      ? sealed(plain, address, key, steps('counter', counter, 0, 0xffffffff))
      : [0x40, ...plain]
    const longest = 252
    if (data.length > longest)
      throw new Error(`expected what fits into ${longest} bytes, got ${data.length} bytes`)
    return { serviceData: [{ uuid: 'fcd2', data: Buffer.from(data) }] }
  },
}

function sealed(plain: Uint8Array, address: Uint8Array, key: Uint8Array, counter: number): readonly number[] {
  const count = Buffer.alloc(4)
  count.writeUInt32LE(counter)
  const nonce = Buffer.from([...address, 0xd2, 0xfc, 0x41, ...count])
  const { cipher, tag } = encryptCcm(key, { nonce, plain })
  return [0x41, ...cipher, ...count, ...tag]
}

type Value = number | boolean | string | undefined

/** The same quantity, as often as it is said, by objects of one id: so they stay in their order. */
function sayAll(name: string, all: readonly Value[]): number[][] {
  const values = all.filter((value) => value !== undefined)
  if (values.length === 0) return []
  if (all[0] === undefined) throw new Error(`expected ${name}, since there is ${name}_2; got none`)
  const candidates = [...objects].filter(([, object]) => 'key' in object && object.key === name)
  for (const [id, object] of candidates) {
    if (object.type === 'state') return values.map((value) => [id, Number(value)])
    if (object.type === 'text' || object.type === 'raw') {
      const encoding = object.type === 'text' ? 'utf8' : 'hex'
      return values.map((value) => {
        const bytes = Buffer.from(String(value), encoding)
        return [id, steps(`the bytes of ${name}`, bytes.length, 1, 255), ...bytes]
      })
    }
    if (object.type !== 'number') continue
    const counts = values.map((value) => countOf(object, Number(value)))
    if (counts.every((count) => count !== undefined))
      return counts.map((count) => [id, ...bytesOf(object, count)])
  }
  const ranges = candidates.flatMap(([, object]) => (object.type === 'number' ? [rangeOf(object)] : []))
  throw new Error(`expected ${name} ${ranges.join(' or ')}, got ${values.join(' and ')}`)
}

/** The whole number that stands for a value; undefined when it is out of range or too fine. */
function countOf(object: NumberObject, value: number): number | undefined {
  const exact = (value * object.perUnit) / object.times
  const count = Math.round(exact)
  const [from, to] = limitsOf(object)
  return Math.abs(exact - count) < 1e-6 && count >= from && count <= to ? count : undefined
}

function limitsOf({ size, signed }: NumberObject): [from: number, to: number] {
  const numbers = 2 ** (8 * size)
  return signed ? [-numbers / 2, numbers / 2 - 1] : [0, numbers - 1]
}

function rangeOf(object: NumberObject): string {
  const [from = 0, to = 0, step = 0] = [...limitsOf(object), 1].map(
    (count) => (count * object.times) / object.perUnit,
  )
  return `from ${from} to ${to} in steps of ${step}`
}

function bytesOf({ size, signed }: NumberObject, count: number): Uint8Array {
  const bytes = Buffer.alloc(size)
  if (signed) bytes.writeIntLE(count, 0, size)
  else bytes.writeUIntLE(count, 0, size)
  return bytes
}

/** Which button it is says its place: those before it, of which nothing is said, are there, too. */
function sayEvents(events: readonly BleEvent[]): number[][] {
  const said: number[][] = []
  let buttons = 0
  for (const event of events) {
    switch (event.type) {
      case 'button':
        for (
          const last = steps('the number of the button', event.button, buttons, 255);
          buttons < last;
          buttons++
        )
          said.push([0x3a, 0])
        said.push([0x3a, idOf(buttonActions, event.action)])
        buttons += 1
        break
      case 'dimmer':
        said.push([0x3c, idOf(dimmerActions, event.action), steps('steps', event.steps, 0, 255)])
        break
      case 'command': {
        const argument = event.steps === undefined ? [] : [steps('steps', event.steps, 0, 255)]
        said.push([0x3b, argument.length, idOf(commandActions, event.action), ...argument])
        break
      }
      default:
        throw new Error(`expected an event of the type button, dimmer or command, got ${event.type}`)
    }
  }
  return said
}

function idOf<Action>(ids: ReadonlyMap<number, Action>, action: Action): number {
  const [id] = [...ids].find(([, each]) => each === action) ?? []
  if (id === undefined)
    throw new Error(`expected an action of ${[...new Set(ids.values())].join(', ')}, got ${String(action)}`)
  return id
}
