// The sensors of the house: one that says everything in its advertisement, and one of which only the scan response says anything.

const record = (type, ...bytes) => Buffer.of(bytes.length + 1, type, ...bytes)

const flags = record(0x01, 0x05)

const services = record(0x03, 0x88, 0xec)

const named = (name) => record(0x09, ...Buffer.from(name))

/** Of Apple, as the H5075 sends it after each of its packets. */
const iBeacon = record(0xff, ...Buffer.from('4c000215494e54454c4c495f524f434b535f48575075f2ffc2', 'hex'))

/** An H5075 in the living room, that says a temperature (tenths of a degree). */
function h5075(tenths) {
  const reading = Buffer.alloc(8)
  reading.writeUInt16LE(0xec88, 0)
  reading.writeUIntBE(tenths * 1000 + 502, 3, 3)
  reading[6] = 100
  return {
    address: 'a4:c1:38:11:22:33',
    rssi: -61,
    data: Buffer.concat([named('GVH5075_2233'), services, flags, record(0xff, ...reading)]),
    response: iBeacon,
  }
}

/** An H5074 in the freezer, that says a temperature (hundredths of a degree). */
function h5074(hundredths) {
  const reading = Buffer.alloc(9)
  reading.writeUInt16LE(0xec88, 0)
  reading.writeInt16LE(hundredths, 3)
  reading.writeUInt16LE(4796, 5)
  reading[7] = 100
  return {
    address: 'e3:5e:cc:21:44:55',
    rssi: -72,
    data: Buffer.concat([flags, services, named('Govee_H5074_4455')]),
    response: record(0xff, ...reading),
  }
}

/** The topics of their temperatures. The second one is only heard by who scans actively. */
export const [livingRoom, freezer] = ['govee/GVH5075_2233/temp_c', 'govee/Govee_H5074_4455/temp_c']

/** Both of them send four times a second, and what they say changes; every controller hears them. */
export function openAir(controllers) {
  let count = 0
  const air = {
    /** Whether anybody sends. */
    isOn: true,
    close: () => clearInterval(timer),
  }
  const timer = setInterval(() => {
    if (!air.isOn) return
    count = (count + 1) % 100
    for (const each of controllers) {
      each.air(h5075(200 + count))
      each.air(h5074(-500 - count))
    }
  }, 250)
  return air
}
