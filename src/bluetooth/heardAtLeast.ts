import { filter, identity } from 'rxjs'
import type { MonoTypeOperatorFunction } from 'rxjs'
import type { Advertisement } from './advertisement.js'

/** Passes packets of at least this strength (dBm), and those whose strength was not measured; all of them without one. */
export const heardAtLeast = (minRssi: number | undefined): MonoTypeOperatorFunction<Advertisement> =>
  minRssi === undefined ? identity : filter(({ rssi }) => rssi === undefined || rssi >= minRssi)
