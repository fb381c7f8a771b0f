import { defer, filter, map, type OperatorFunction } from 'rxjs'
import type { Advertisement } from '../bluetooth/advertisement.js'
import type { Logger } from '../logging/logger.js'
import { decodeGovee } from './decodeGovee.js'
import { goveeDevices } from './goveeDevices.js'
import type { Observation } from './observation.js'
import { sayUnknown } from './sayUnknown.js'

/**
 * Decodes the packets of Govee devices, whose topics are below `destination` or, with `chosen`, where it says. What
 * looks like Govee's but cannot be decoded is said in the log, if there is one.
 */
export function observations(
  destination: string,
  chosen?: Readonly<Record<string, string>>,
  log?: Logger,
): OperatorFunction<Advertisement, Observation> {
  return (advertisements$) =>
    defer(() => {
      const deviceOf = goveeDevices(destination, chosen)
      const say = log && sayUnknown(log)
      return advertisements$.pipe(
        map((advertisement) => {
          const measurement = decodeGovee(advertisement)
          if (!measurement) return say?.(advertisement)
          const device = deviceOf(advertisement, measurement.model)
          return device && { advertisement, measurement, device }
        }),
        filter((observation) => observation !== undefined),
      )
    })
}
