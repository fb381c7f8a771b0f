/** The battery (percent) in the low 7 bits of a byte; undefined when they say more than 100 %. */
export function charge(power: number): number | undefined {
  const battery = power & 0x7f
  return battery <= 100 ? battery : undefined
}
