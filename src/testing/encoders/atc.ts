import { atcNonce } from '../../ble/formats/atc.js'
import { encryptCcm } from './ccm.js'
import { type BrandEncoder, steps } from './encoder.js'

/** A thermometer with pvvx's firmware, in its own layout; one that encrypts says no voltage. */
export const atcEncoder: BrandEncoder = {
  brand: 'ATC',
  says: ['temperature', 'humidity', 'voltage', 'battery', 'packet', 'counter'],
  encode({ temperature_c, humidity, voltage, battery = 100, packet = 1, counter = 1 }, { address, key }) {
    const climate = Buffer.alloc(4)
    climate.writeInt16LE(steps('temperature', temperature_c, -327.68, 327.67, 100))
    climate.writeUInt16LE(steps('humidity', humidity, 0, 100, 100), 2)
    const power = steps('battery', battery, 0, 100)
    if (!key) {
      const volts = Buffer.alloc(2)
      volts.writeUInt16LE(steps('voltage', voltage ?? 3, 0, 65.535, 1000))
      const number = steps('packet', packet, 0, 255)
      return content([...Buffer.from(address).reverse(), ...climate, ...volts, power, number, 0])
    }
    if (voltage !== undefined) throw new Error('expected no voltage of one that encrypts')
    const number = steps('counter', counter, 0, 255)
    const plain = Buffer.from([...climate, power, 0])
    const { cipher, tag } = encryptCcm(key, {
      ...atcNonce(Buffer.from(address).toString('hex'), plain.length + 5, number),
      plain,
    })
    return content([number, ...cipher, ...tag])
  },
}

const content = (data: readonly number[]) => ({ serviceData: [{ uuid: '181a', data: Buffer.from(data) }] })
