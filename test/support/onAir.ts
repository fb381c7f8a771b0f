const address = '33221138c1a4'
const name = '0d09475648353037355f32323333'
const reading = '09ff88ec0003519e6400'

/** An H5075 sends its reading in the advertisement, and Apple's iBeacon in the scan response. */
export const advInd = `00 00 ${address} 1f ${name} 0303 88ec 020105 ${reading} c3`
export const scanRsp = `04 00 ${address} 1b 1aff4c000215494e54454c4c495f524f434b535f48575075f2ffc2 c0`

/** The HCI event (H4, hex) that carries these advertising reports. */
export function advertisingEvent(reports: readonly string[]): string {
  const payload = `02 ${reports.length.toString(16).padStart(2, '0')} ${reports.join('')}`
  const length = payload.replaceAll(' ', '').length / 2
  return `04 3e ${length.toString(16).padStart(2, '0')} ${payload}`
}
