import fc from 'fast-check'

const hex = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from(bytes).toString('hex'))

/** What the AD structures of a packet may hold. */
export const contents = fc.record({
  localName: fc.string({ minLength: 1, maxLength: 20 }),
  serviceUuids: fc.array(
    hex(2).filter((uuid) => !uuid.startsWith('0000')),
    { maxLength: 4 },
  ),
  manufacturerData: fc.array(
    fc.uint8Array({ minLength: 1, maxLength: 27 }).map((bytes): Uint8Array => Buffer.from(bytes)),
    { maxLength: 3 },
  ),
  serviceData: fc.array(
    fc.record({
      uuid: hex(2),
      data: fc.uint8Array({ maxLength: 20 }).map((bytes): Uint8Array => Buffer.from(bytes)),
    }),
    { maxLength: 2 },
  ),
})
