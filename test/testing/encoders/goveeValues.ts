import fc from 'fast-check'
import type { GoveeValues } from '../../../src/testing/encoders/encoder.js'

type Values = fc.Arbitrary<GoveeValues>

const steps = (from: number, to: number, perUnit: number) =>
  fc
    .integer({ min: Math.round(from * perUnit), max: Math.round(to * perUnit) })
    .map((count) => count / perUnit)

const battery = steps(0, 100, 1)
const tenths = { temperature: steps(-40, 100, 10), humidity: steps(0, 99.9, 10) }
const packed = fc.record({ ...tenths, battery })
const hundredths: Values = fc
  .record({ temperature: steps(-40, 100, 100), humidity: steps(0, 100, 100), battery: steps(0, 100, 1) })
  .filter(
    ({ temperature, humidity, battery }) =>
      temperature !== -0.01 && !(temperature === 0 && humidity === 0 && battery === 0),
  )

const degrees = (perUnit: number) =>
  steps(-0x8000 / perUnit, 0x7fff / perUnit, perUnit).filter((value) => value * perUnit !== -1)

/** One or two probes of one of the pairs; those without a temperature are not plugged in. */
const probes = (
  pairs: number,
  alarms: readonly ('alarmHigh' | 'alarmLow')[],
  { perUnit = 100, plugged = false } = {},
) => {
  const probe = fc
    .record(
      {
        temperature: degrees(perUnit),
        ...Object.fromEntries(alarms.map((alarm) => [alarm, degrees(perUnit)])),
      },
      { requiredKeys: plugged ? ['temperature'] : [] },
    )
    .filter((values) => Object.keys(values).length > 0)
  return fc.record({
    probes: fc
      .tuple(fc.integer({ min: 0, max: pairs - 1 }), fc.subarray([1, 2], { minLength: 1 }), probe, probe)
      .map(([pair, numbers, first, second]) =>
        Object.fromEntries(numbers.map((number) => [pair * 2 + number, number === 1 ? first : second])),
      ),
    battery,
  })
}
const one = (values: ReturnType<typeof probes>) =>
  values.filter(({ probes }) => probes[1] !== undefined && Object.keys(probes).length === 1)

const button = fc.record({
  event: fc.record({
    type: fc.constant('button' as const),
    button: fc.integer({ min: 0, max: 255 }),
    action: fc.constant('press' as const),
  }),
  battery,
})
const happens = (type: 'motion' | 'vibration') => fc.record({ event: fc.constant({ type }), battery })

/** Everything that the devices of a family can say, by its key; of some families by its models. */
export const goveeValues: Readonly<Record<string, Values | Readonly<Record<string, Values>>>> = {
  'ec88-packed6': packed,
  '0001-packed6': packed,
  '0001-packed32': fc.record({ ...tenths, pm25: steps(0, 999, 1) }),
  '0001-packed8': fc.record({ temperature: tenths.temperature, battery }),
  '0001-packed8-probe': fc.oneof(
    fc.record({ probes: fc.record({ 1: fc.record(tenths) }), battery }),
    fc.record({ probes: fc.record({ 2: fc.record({ temperature: tenths.temperature }) }), battery }),
  ),
  '0001-packed8-co2': fc.record({ ...tenths, co2: steps(0, 0xffff, 1) }),
  '0001-packed9': fc.oneof(packed, fc.record({ ...tenths, battery, sensor: fc.constant('remote' as const) })),
  'ec88-le7': hundredths,
  'ec88-le9': hundredths,
  '8801-le9': hundredths,
  '8803-presence': fc.record({ occupancy: fc.boolean(), motion: fc.boolean() }),
  encrypted24: {
    H5121: happens('motion'),
    H5122: button,
    H5123: fc.record({ windowOpen: fc.boolean(), battery }),
    H5124: happens('vibration'),
    H5125: button,
    H5126: button,
    H5130: fc.oneof(
      fc.record({ pressureDetected: fc.boolean(), battery }),
      fc.record({
        event: fc.constant({ type: 'button' as const, button: 0, action: 'press' as const }),
        battery,
      }),
    ),
  },
  probe14: one(probes(1, ['alarmHigh'])),
  probe17: { H5182: probes(1, ['alarmHigh']), H5184: probes(2, ['alarmHigh']) },
  probe20: { H5185: probes(1, ['alarmHigh', 'alarmLow']), H5198: probes(2, ['alarmHigh', 'alarmLow']) },
  'probe20-ambient': fc
    .tuple(one(probes(1, ['alarmHigh'])), fc.record({ temperature: degrees(100) }, { requiredKeys: [] }))
    .map(([probe, around]) => ({ ...probe, ...around })),
  h5055: probes(3, ['alarmHigh', 'alarmLow'], { perUnit: 1, plugged: true }),
  'h5055-be': probes(3, ['alarmHigh', 'alarmLow'], { plugged: true }),
}
