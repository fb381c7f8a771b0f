import fc from 'fast-check'
import { expect, it } from 'vitest'
import { deviceLevel } from '../../src/govee/deviceLevel.js'

const address = 'a4:c1:38:11:22:aa'
const model = 'H5075'

it.each([
  ['its local name', 'GVH5075_22AA', [], 'GVH5075_22AA'],
  ['its model and the end of its address when it is nameless', undefined, [], 'H5075_22AA'],
  ['the same when its name has nothing but spaces', ' \t', [], 'H5075_22AA'],
  ['the end of its address behind a name that is taken', 'attic', ['attic'], 'attic_22AA'],
  ['its whole address when that is taken too', 'attic', ['attic', 'attic_22AA'], 'attic_A4C1381122AA'],
])('of a device is %s', (_, localName, taken, level) => {
  expect(deviceLevel({ address, localName, model }, new Set(taken))).toBe(level)
})

it('is free even if somebody took all of them on purpose', () => {
  const taken = new Set(['attic', 'attic_22AA', 'attic_A4C1381122AA'])
  expect(deviceLevel({ address, localName: 'attic', model }, taken)).toBe('attic_A4C1381122AA_2')
})

it('cuts a long name so that the digits of the address still fit into 64 bytes', () => {
  const localName = 'x'.repeat(64)
  expect(deviceLevel({ address, localName, model }, new Set([localName]))).toBe(`${'x'.repeat(59)}_22AA`)
})

it('is unique, safe, not empty and at most 64 bytes long, whatever the names and addresses', () => {
  const anything = fc.string({ unit: 'binary', maxLength: 80 })
  const names = fc.oneof(anything, fc.constantFrom(undefined, 'attic', 'attic_22AA', 'x'.repeat(64)))
  const addresses = fc.oneof(anything, fc.constantFrom(address, 'a4:c1:39:11:22:aa', ''))
  const devices = fc.array(fc.record({ address: addresses, localName: names, model: fc.constant(model) }))
  fc.assert(
    fc.property(devices, (devices) => {
      const taken = new Set<string>()
      for (const device of devices) {
        const level = deviceLevel(device, taken)
        expect(level).toMatch(/^[^/+#$\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]+$/u)
        expect(Buffer.byteLength(level)).toBeLessThanOrEqual(64)
        taken.add(level)
      }
      expect(taken.size).toBe(devices.length)
    }),
    { numRuns: 200 },
  )
})
