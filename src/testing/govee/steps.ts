/**
 * A value as the whole number that stands for it on the air, of which `perUnit` make 1.
 *
 * @throws Error that completes "cannot say this: " when the value is absent, out of range or too fine.
 * @example steps('temperature', -7.3, -40, 100, 10) // -73
 */
export function steps(
  name: string,
  value: number | undefined,
  from: number,
  to: number,
  perUnit: 1 | 10 | 100 = 1,
): number {
  const count = Math.round((value ?? NaN) * perUnit)
  if (value !== undefined && value >= from && value <= to && Math.abs(value * perUnit - count) < 1e-6)
    return count
  throw new Error(`expected ${name} from ${from} to ${to} in steps of ${1 / perUnit}, got ${value ?? 'none'}`)
}
