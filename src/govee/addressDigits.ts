/** The hex digits of a device address, lower case, at most the last 32: `A4:C1:38:11:22:33` becomes `a4c138112233`. */
export function addressDigits(address: string): string {
  return address
    .toLowerCase()
    .replace(/[^0-9a-f]/g, '')
    .slice(-32)
}
