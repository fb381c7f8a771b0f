import { type BrandEncoder, steps } from './encoder.js'

/** An HTP.xw. */
export const sensorPushEncoder: BrandEncoder = {
  brand: 'SensorPush',
  says: ['temperature', 'humidity', 'pressure_hpa'],
  encode({ temperature_c, humidity, pressure_hpa }) {
    // Temperature and humidity have four times as many steps on the air, which are rounded when they are read.
    const degrees = steps('temperature', temperature_c, -40, 140, 100) * 4 + 16_000
    const percent = steps('humidity', humidity, 0, 100, 100) * 4
    const pascals = steps('pressure_hpa', pressure_hpa, 300, 1250, 100) - 30_000
    const record = Buffer.alloc(7)
    record.writeUIntLE(degrees + 72_001 * (percent + 40_001 * pascals), 1, 6)
    return { serviceUuids: ['ef09000011d642ba93b89dd7ec090ab0'], manufacturerData: [record] }
  },
}
