import { defer, EMPTY, map, mergeMap, type MonoTypeOperatorFunction, timer } from 'rxjs'
import type { Advertisement } from './advertisement.js'

/**
 * Of the copies of a packet that several adapters hear within `within` ms, passes the strongest one at the end of that time.
 * Packets of one device that differ are no copies: each may hold what the other does not.
 *
 * @example
 * const heard = (rssi: number) => advertisement({ model: 'H5075', temperature: 21, humidity: 50, rssi })
 * of(heard(-80), heard(-60)).pipe(strongest())
 * // → heard(-60)
 */
export const strongest =
  (within = 1000): MonoTypeOperatorFunction<Advertisement> =>
  (advertisements$) =>
    defer(() => {
      const best = new Map<string, Advertisement>()
      return advertisements$.pipe(
        mergeMap((advertisement) => {
          const { address, event = '', data = new Uint8Array() } = advertisement
          const packet = `${address} ${event} ${Buffer.from(data).toString('latin1')}`
          const rival = best.get(packet)
          if (!rival || strength(advertisement) > strength(rival)) best.set(packet, advertisement)
          if (rival) return EMPTY
          return timer(within).pipe(
            map(() => {
              const winner = best.get(packet) ?? advertisement
              best.delete(packet)
              return winner
            }),
          )
        }),
      )
    })

const strength = ({ rssi = -Infinity }: Advertisement) => rssi
