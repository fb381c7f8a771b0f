/** H5075 packets of the given number of devices in turn, as the radio says them, their values changing from one to the next. */
export function advertisements(devices, count) {
  return Array.from({ length: count }, (_, index) => {
    const device = index % devices
    const hex = device.toString(16).padStart(6, '0')
    const packed = ((190 + ((index * 7) % 60)) * 1000 + 400 + ((index * 13) % 200))
      .toString(16)
      .padStart(6, '0')
    return {
      address: `a4:c1:38:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4)}`,
      addressType: 'public',
      rssi: -50 - (index % 30),
      at: 1_765_000_000_000 + index,
      event: 'adv_ind',
      localName: `GVH5075_${hex.slice(2).toUpperCase()}${device > 0xffff ? device : ''}`,
      serviceUuids: ['ec88'],
      manufacturerData: [Buffer.from(`88ec00${packed}6400`, 'hex')],
      serviceData: [],
    }
  })
}
