/** The two bytes of a 16-bit number, big-endian; a negative one in two's complement. */
export const int16 = (value: number): [high: number, low: number] => [(value >> 8) & 0xff, value & 0xff]
