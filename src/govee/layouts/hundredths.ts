/** °C from hundredths, 16 bits big-endian at byte `at`; FFFF stands for none. There is no upper limit: ovens are hot. */
export function hundredths(payload: DataView, at: number): number | undefined {
  const value = payload.getInt16(at)
  return value === -1 ? undefined : value / 100
}
