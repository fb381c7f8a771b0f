import type { Logger } from '../logging/logger.js'
import { linkTypes, type LinkType } from './linkTypes.js'

/** Looks link types up; that one is none of Bluetooth HCI is logged once, and its packets are nothing to us. */
export function linkTypeFinder(
  format: keyof typeof linkTypes,
  log: Logger,
): (number: number) => LinkType | undefined {
  const known = linkTypes[format]
  let said = false
  return (number) => {
    const linkType = known.get(number)
    if (!linkType && !said) {
      said = true
      const expected = `expected Bluetooth HCI (${[...known.keys()].join(', ')})`
      log.warn(`Packets in the capture are skipped: ${expected}, got link type ${number}.`)
    }
    return linkType
  }
}
