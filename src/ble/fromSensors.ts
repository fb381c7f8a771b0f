import { defer, filter, type MonoTypeOperatorFunction } from 'rxjs'
import { remember } from '../memory.js'
import type { Advertisement } from '../radio/advertisement.js'
import type { Format } from './formats/format.js'
import { readerOf } from './formats/formats.js'
import { packetJoiner } from './joinPackets.js'
import type { Measurement } from './measurement.js'

/** Passes the packets of devices of these formats, whether they can be read or not, see `ownerOf`. */
export function fromSensors(formats: readonly Format[]): MonoTypeOperatorFunction<Advertisement> {
  return (advertisements$) =>
    defer(() => {
      const { decode } = readerOf(formats)
      const [join, owner] = [packetJoiner(formats), ownerOf(formats)]
      return advertisements$.pipe(
        filter((packet) => {
          const joined = join(packet)
          return owner(joined, decode(joined)) !== undefined
        }),
      )
    })
}

const deviceLimit = 10_000

/**
 * Makes a function from a packet, what it lacks lent from others, and what is read in it to the format of its device: of all that this
 * one sends from the first packet on that its name, its service or its data give away. Some of a device's packets say nothing of the
 * kind. Remembers at most 10 000 devices.
 */
export function ownerOf(formats: readonly Format[]) {
  const { formatOf } = readerOf(formats)
  const devices = new Map<string, Format>()
  return (advertisement: Advertisement, measurement: Measurement | undefined): Format | undefined => {
    const { address, localName = '' } = advertisement
    const known = devices.get(address)
    if (known) return known
    const owner = measurement
      ? formatOf(measurement)
      : formats.find(({ isOurs, names }) => isOurs?.(advertisement) ?? names?.test(localName))
    if (owner) remember(devices, address, owner, deviceLimit)
    return owner
  }
}
