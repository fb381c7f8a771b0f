import { type BrandEncoder, int16le, steps } from './encoder.js'

/** The battery follows from the voltage. */
export const thermoBeaconEncoder: BrandEncoder = {
  brand: 'ThermoBeacon',
  name: 'ThermoBeacon',
  says: ['temperature', 'humidity', 'voltage'],
  encode({ temperature_c, humidity, voltage = 3 }, { address }) {
    const record = Buffer.of(
      ...[0x10, 0, 0, 0, ...Buffer.from(address).reverse()],
      ...int16le(steps('voltage', voltage, 0, 65.535, 1000)),
      ...int16le(steps('temperature', temperature_c, -2048, 100, 16)),
      ...int16le(steps('humidity', humidity, 0, 100, 16)),
      // Seconds since it was switched on.
      ...[60, 0, 0, 0],
    )
    return { localName: 'ThermoBeacon', serviceUuids: ['fff0'], manufacturerData: [record] }
  },
}
