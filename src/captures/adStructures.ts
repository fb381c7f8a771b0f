import type { Advertisement } from '../bluetooth/advertisement.js'

/** AD types by the bytes a UUID has: lists of services, and service data. */
const listTypes = new Map([
  [2, 0x03],
  [4, 0x05],
  [16, 0x07],
])
const dataTypes = new Map([
  [2, 0x16],
  [4, 0x20],
  [16, 0x21],
])

/**
 * The AD structures that say what an advertisement says, for one whose own bytes are not known: the opposite of
 * `parseAdvertisement`. What is too long for a structure is left out.
 */
export function adStructures({
  localName,
  serviceUuids,
  manufacturerData,
  serviceData,
}: Pick<Advertisement, 'localName' | 'serviceUuids' | 'manufacturerData' | 'serviceData'>): Uint8Array {
  const structure = (type: number | undefined, ...values: Uint8Array[]) => {
    const length = values.reduce((sum, value) => sum + value.length, 1)
    return type === undefined || length > 255 ? [] : [Buffer.of(length, type), ...values]
  }
  return Buffer.concat([
    ...(localName === undefined ? [] : structure(0x09, Buffer.from(localName))),
    ...serviceUuids.map(onAir).flatMap((uuid) => structure(listTypes.get(uuid.length), uuid)),
    ...manufacturerData.flatMap((record) => structure(0xff, record)),
    ...serviceData.flatMap(({ uuid, data }) => {
      const key = onAir(uuid)
      return structure(dataTypes.get(key.length), key, data)
    }),
  ])
}

/** UUIDs travel little-endian. */
const onAir = (uuid: string) => Buffer.from(uuid, 'hex').reverse()
