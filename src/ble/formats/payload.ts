/**
 * The bytes of a record from `start` on, as formats read them. A DataView would read them as well, but to make one for every
 * packet takes longer than all the rest of decoding.
 */
export interface Payload {
  readonly record: Uint8Array
  readonly start: number
}

export const uint8 = ({ record, start }: Payload, at: number): number => record[start + at] ?? 0

/** 16 bits, big-endian. */
export const uint16 = (payload: Payload, at: number): number =>
  (uint8(payload, at) << 8) | uint8(payload, at + 1)

/** 16 bits, big-endian, a negative number in two's complement. */
export const int16 = (payload: Payload, at: number): number => (uint16(payload, at) << 16) >> 16

/** 16 bits, little-endian. */
export const uint16le = (payload: Payload, at: number): number =>
  uint8(payload, at) | (uint8(payload, at + 1) << 8)

/** 16 bits, little-endian, a negative number in two's complement. */
export const int16le = (payload: Payload, at: number): number => (uint16le(payload, at) << 16) >> 16

/** 24 bits, big-endian. */
export const uint24 = (payload: Payload, at: number): number =>
  (uint8(payload, at) << 16) | uint16(payload, at + 1)

/** 24 bits, little-endian. */
export const uint24le = (payload: Payload, at: number): number =>
  uint16le(payload, at) | (uint8(payload, at + 2) << 16)

/** 32 bits, little-endian. */
export const uint32le = (payload: Payload, at: number): number =>
  uint16le(payload, at) + uint16le(payload, at + 2) * 0x10000

/** 32 bits, big-endian. */
export const uint32 = (payload: Payload, at: number): number =>
  uint16(payload, at) * 0x10000 + uint16(payload, at + 2)

/** A value with at most so many digits after the point, never `-0`: what is divided has others that nobody measured. */
export const digits = (value: number, decimals: number): number =>
  Math.round(value * 10 ** decimals) / 10 ** decimals || 0

/** A percentage within what one can be. */
export const percent = (value: number): number => Math.min(100, Math.max(0, value))

/** The company id a manufacturer record begins with: 2 bytes, little-endian. */
export const companyId = (record: Uint8Array): number => (record[0] ?? 0) | ((record[1] ?? 0) << 8)
