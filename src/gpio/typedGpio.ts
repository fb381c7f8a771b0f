import { from, mergeMap, share } from 'rxjs'
import { lines } from '../captures/lines.js'
import { escapeControls } from '../logging/escapeControls.js'
import type { Logger } from '../logging/logger.js'
import type { GpioChip } from './gpioChip.js'
import { parseWire } from './parseWire.js'
import { simulatedGpio } from './simulatedGpio.js'

/**
 * A simulated chip for `--simulate`: somebody who types `17 LOW` is what is wired to GPIO 17, and the log says what the
 * outputs are set to.
 *
 * @example typedGpio(process.stdin, log)
 */
export function typedGpio(input: AsyncIterable<Uint8Array | string>, log: Logger): GpioChip {
  const typed$ = from(lines(input)).pipe(
    mergeMap((batch) => batch),
    mergeMap((line) => {
      const wire = parseWire(line)
      if (!wire)
        log.warn(`expected a line such as 17 HIGH or 17 LOW, got "${escapeControls(line.slice(0, 40))}"`)
      return wire ? [wire] : []
    }),
    // What is typed can be read once only, so the reading goes on through a reload.
    share({ resetOnRefCountZero: false }),
  )
  return simulatedGpio(typed$, ({ line, level }) => log.info(`GPIO ${line} is ${level ? 'HIGH' : 'LOW'}`))
}
