import { field } from '../config/fields/field.js'

/** How people write the versions; 4 is what the protocol itself calls 3.1.1. */
const versions = new Map([
  ...['3.1.1', '4'].map((text) => [text, '3.1.1'] as const),
  ...['5', '5.0'].map((text) => [text, '5'] as const),
])

/** A version of MQTT: `3.1.1` or `5`. */
export const mqttVersion = field(
  '3.1.1 or 5',
  (text) => versions.get(text),
  (text) =>
    /^3(\.1)?$/.test(text) ? 'MQTT 3.1 is not spoken here; all brokers of today speak 3.1.1' : undefined,
)
