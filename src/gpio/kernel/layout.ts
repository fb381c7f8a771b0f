/**
 * Sizes of the structures of linux/gpio.h (uAPI v2) and where in them stands what we use, in bytes. They are the same on
 * every architecture, and little-endian on every one that has such a chip.
 */
export const layout = {
  chipInfo: { size: 68, label: 32 },
  lineInfo: { size: 256, consumer: 32, line: 64 },
  /** With one line and at most one attribute; the kernel writes the descriptor of the line into `fd`. */
  lineRequest: {
    size: 592,
    line: 0,
    consumer: 256,
    flags: 288,
    attributeCount: 296,
    attributeId: 320,
    attributeValue: 328,
    attributeMask: 336,
    lineCount: 560,
    eventBufferSize: 564,
    fd: 588,
  },
  lineValues: { size: 16, bits: 0, mask: 8 },
  lineEvent: { size: 48, timestamp: 0, id: 8, sequence: 20 },
} as const
