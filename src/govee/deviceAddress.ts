import { field } from '../config/fields/field.js'

const address = /^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i
const uuid = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i

/** The address of a Bluetooth device, or the UUID that macOS shows in its place; becomes lower case. */
export const deviceAddress = field('a Bluetooth address such as A4:C1:38:11:22:33', (text) =>
  address.test(text) || uuid.test(text) ? text.toLowerCase() : undefined,
)
