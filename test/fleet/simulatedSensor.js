const hundredths = (number) => {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16LE(number * 100)
  return bytes.toString('hex')
}
const digits = (number) => number.toString(16).padStart(4, '0').toUpperCase()

/** The number in each of the five readings that come of one packet of a simulated sensor. */
export const numberIn = {
  temp_c: Number,
  temp_f: (text) => Math.round((text - 32) / 1.8),
  humi: Number,
  battery: Number,
  rssi: (text) => -text,
}

/** The local name of the simulated sensor: `Govee_H5074_002A`. */
export const sensorName = (index) => `Govee_H5074_${digits(index)}`

/** A packet, as a line for `--replay -`, whose five readings all say `number` (1 to 100): 7.00 °C, 7.00 %, 7 %, -7 dBm … */
export const packet = (index, number) =>
  JSON.stringify({
    address: `e3:60:59:00:${digits(index).slice(0, 2)}:${digits(index).slice(2)}`,
    rssi: -number,
    event: 'adv_ind',
    localName: sensorName(index),
    serviceUuids: ['ec88'],
    manufacturerData: `88ec00${hundredths(number)}${hundredths(number)}${number.toString(16).padStart(2, '0')}02`,
  })
