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
      const earlier = [...opened.values()].flatMap((spool) => {
        // A clock that was set back meanwhile must not change the order within a spool.
        let latest = 0
        return spool.entries.map(({ sequence, reading }) => {
          const { keep, series } = promiseOf(reading, preset)
          const custody = { spool, sequence }
          const parcel: Parcel = { reading, keep: series ? keep : Infinity, series: true, age: 0, custody }
          return { parcel, taken: (latest = Math.max(latest, reading.at ?? 0)) }
        })
      })
      return earlier.sort((one, other) => one.taken - other.taken).map(({ parcel }) => parcel)
    },
  }
}
