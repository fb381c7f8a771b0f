/** 1 °C in units of the packed layout. */
const near = 10_000

/**
 * Whether a value of one probe is far from its own last one but close to the last one of the other probe: 0.8 % of the
 * packets of the H5112 carry the number of the wrong probe.
 */
export const isOtherProbe = (units: number, own: number, other: number): boolean =>
  Math.abs(units - own) > near && Math.abs(units - other) <= near
