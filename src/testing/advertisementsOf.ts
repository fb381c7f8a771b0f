import type { Advertisement } from '../bluetooth/advertisement.js'
import { advertisementsIn } from '../captures/advertisementsIn.js'
import { formatOf } from '../captures/formatOf.js'
import { parseCaptureLine } from '../captures/parseCaptureLine.js'
import { recordCutter } from '../captures/recordCutter.js'

/** All advertisements in a capture, whose name is for errors: what a test is to rely on must be whole. */
export function advertisementsOf(bytes: Buffer, name: string): Advertisement[] {
  const format = formatOf(bytes)
  if (!format)
    return new TextDecoder()
      .decode(bytes)
      .split('\n')
      .flatMap((line, index) => {
        if (line.trim() === '') return []
        try {
          return parseCaptureLine(line)
        } catch (error) {
          throw new Error(`${name}, line ${index + 1} is no advertisement: ${(error as Error).message}`, {
            cause: error,
          })
        }
      })
  const ignore = () => undefined
  const cutter = recordCutter(format, {
    debug: ignore,
    info: ignore,
    error: ignore,
    warn: (fault: string) => {
      throw new Error(
        `${name}: ${fault} To get a copy of what can be read: sensor-reporter record --all --replay ${name} copy.jsonl`,
      )
    },
  })
  const packets = cutter.packets(bytes)
  cutter.end()
  return packets.flatMap(advertisementsIn)
}
