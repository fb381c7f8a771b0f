/** How well a packet was received (dBm), as four characters: all of them from -60 dBm on, one below -80, none below -90. */
export function signalBar(rssi: number): string {
  const steps = Math.min(4, Math.max(0, Math.floor((rssi + 100) / 10)))
  return '▂▄▆█'.slice(0, steps).padEnd(4, '·')
}
