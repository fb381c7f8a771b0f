import type { Advertisement } from '../bluetooth/advertisement.js'
import type { CaptureWriter } from './captureWriter.js'

/** JSON Lines, one advertisement a line: raw where its bytes are known, taken apart where the system hides them (macOS). */
export const lineWriter: CaptureWriter = {
  header: new Uint8Array(),
  record: ({ at, address, addressType, rssi, event, data, ...fields }) => {
    const content = data ? { data: hex(data) } : known(fields)
    return `${JSON.stringify({ at, address, addressType, rssi, event, ...content })}\n`
  },
}

const known = ({
  localName,
  serviceUuids,
  manufacturerData,
  serviceData,
}: Pick<Advertisement, 'localName' | 'serviceUuids' | 'manufacturerData' | 'serviceData'>) => ({
  localName,
  ...(serviceUuids.length > 0 && { serviceUuids }),
  ...(manufacturerData.length > 0 && { manufacturerData: manufacturerData.map(hex) }),
  ...(serviceData.length > 0 && {
    serviceData: serviceData.map(({ uuid, data }) => ({ uuid, data: hex(data) })),
  }),
})

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
