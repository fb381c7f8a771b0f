const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** The hex digits of a number that travels little-endian: of the `length` bytes from `start` the last one comes first. */
export function reversedHex(bytes: Uint8Array, start: number, length: number, separator = ''): string {
  let text = hex[bytes[start + length - 1] ?? 0] ?? ''
  for (let at = start + length - 2; at >= start; at -= 1) text += separator + (hex[bytes[at] ?? 0] ?? '')
  return text
}
