import type { Delivery } from '../model.js'
import type { Spool } from '../spool/spool.js'
import type { Parcel } from './parcel.js'
import { promiseOf } from './promiseOf.js'

/** Gives what is part of a series into the custody of its spool, once the spools are open. */
export function custodian(preset: Delivery) {
  let spools: ReadonlyMap<string, Spool> = new Map()
  return {
    take: (parcel: Parcel): void => {
      const spool = parcel.series && spools.get(parcel.reading.delivery?.spool ?? preset.spool ?? '')
      if (spool) parcel.custody = { spool, sequence: spool.append(parcel.reading) }
    },
    release: ({ custody }: Parcel): void => custody?.spool.done(custody.sequence),
    /** Returns what an earlier run left, oldest first. It was part of a series, whatever the configuration says now. */
    open: (opened: ReadonlyMap<string, Spool>): Parcel[] => {
      spools = opened
      const earlier = [...opened.values()].flatMap((spool) =>
        spool.entries.map(({ sequence, reading }): Parcel => {
          const { keep, series } = promiseOf(reading, preset)
          return {
            reading,
            keep: series ? keep : Infinity,
            series: true,
            age: 0,
            custody: { spool, sequence },
          }
        }),
      )
      return earlier.sort((one, other) => (one.reading.at ?? 0) - (other.reading.at ?? 0))
    },
  }
}
