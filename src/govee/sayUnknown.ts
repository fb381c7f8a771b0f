import type { Advertisement } from '../bluetooth/advertisement.js'
import { escapeControls } from '../logging/escapeControls.js'
import type { Logger } from '../logging/logger.js'
import { looksLikeGovee } from './looksLikeGovee.js'

/** Enough for any street; somebody who makes addresses up shall not fill the log. */
const deviceLimit = 1000
const longestText = 500

/** Makes a function that logs a packet that looks like Govee's but could not be decoded, once for each device. */
export function sayUnknown(log: Logger): (advertisement: Advertisement) => void {
  const said = new Set<string>()
  return (advertisement) => {
    if (said.size >= deviceLimit || !looksLikeGovee(advertisement)) return
    const address = advertisement.address.toLowerCase()
    if (said.has(address)) return
    said.add(address)
    log.info(`${portrait(advertisement)}: please report this line to the project`)
  }
}

function portrait({ address, localName, serviceUuids, manufacturerData }: Advertisement): string {
  const name =
    localName === undefined ? 'a nameless device' : `"${escapeControls(localName.slice(0, longestText))}"`
  const records = manufacturerData.map((record) => Buffer.from(record).toString('hex')).join(' ')
  const services = serviceUuids.length > 0 ? `, services ${serviceUuids.join(' ')}` : ''
  const data = `manufacturer data ${records}${services}`
  return `${name} at ${escapeControls(address)} looks like a Govee device that is not known yet, ${data.slice(0, longestText)}`
}
