import { chipOfLines } from './chipOfLines.js'
import type { GpioChip } from './gpioChip.js'
import { openLine } from './kernel/openLine.js'

/**
 * The GPIO of this machine, through the kernel's character device (uAPI v2, Linux 5.10 and later): bias, debouncing and the
 * time of a change are the kernel's. A line that cannot be had is an error that says who holds it, or what is missing.
 *
 * @example
 * kernelGpio().input(17, { pull: 'up', debounce: 5 })
 */
export const kernelGpio = (): GpioChip => chipOfLines(openLine)
