/** The company id a manufacturer record begins with: 2 bytes, little-endian. */
export const companyId = (record: Uint8Array): number => (record[0] ?? 0) | ((record[1] ?? 0) << 8)
