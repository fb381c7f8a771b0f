import type { Advertisement } from '../bluetooth/advertisement.js'
import { advertisingReports } from '../bluetooth/advertisingReports.js'
import { parseAdvertisement } from '../bluetooth/parseAdvertisement.js'
import type { CapturedPacket } from './recordReader.js'

/** The advertisements in a packet of a capture; most packets hold none. */
export const advertisementsIn = ({ packet, at }: CapturedPacket): Advertisement[] =>
  advertisingReports(packet).map((report) => ({
    ...report,
    ...(at !== undefined && at >= 0 && { at }),
    ...parseAdvertisement(report.data),
  }))
