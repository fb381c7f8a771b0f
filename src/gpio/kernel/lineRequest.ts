import type { InputOptions } from '../gpioChip.js'
import { layout } from './layout.js'

const flags = {
  input: 1n << 2n,
  output: 1n << 3n,
  bothEdges: (1n << 4n) | (1n << 5n),
  pullUp: 1n << 8n,
  pullDown: 1n << 9n,
}
const attributes = { outputValues: 2, debounce: 3 }

/** The kernel keeps this many changes for us to fetch; more it does not allow. */
const eventBufferSize = 1024

const at = layout.lineRequest

/** What a line is to be: an input that reports its changes, or an output with its first level. */
export type LineRole = InputOptions | { readonly level: boolean }

/** The request for a line, `struct gpio_v2_line_request` of linux/gpio.h. */
export function lineRequest(line: number, role: LineRole): Buffer {
  const bytes = Buffer.alloc(at.size)
  bytes.writeUInt32LE(line, at.line)
  bytes.write('sensor_reporter', at.consumer)
  bytes.writeUInt32LE(1, at.lineCount)
  if ('level' in role) {
    bytes.writeBigUInt64LE(flags.output, at.flags)
    writeAttribute(bytes, attributes.outputValues, role.level ? 1 : 0)
  } else {
    const bias = role.pull === 'up' ? flags.pullUp : flags.pullDown
    bytes.writeBigUInt64LE(flags.input | flags.bothEdges | bias, at.flags)
    bytes.writeUInt32LE(eventBufferSize, at.eventBufferSize)
    if (role.debounce > 0) writeAttribute(bytes, attributes.debounce, role.debounce * 1000)
  }
  return bytes
}

function writeAttribute(bytes: Buffer, id: number, value: number): void {
  bytes.writeUInt32LE(1, at.attributeCount)
  bytes.writeUInt32LE(id, at.attributeId)
  bytes.writeUInt32LE(value, at.attributeValue)
  bytes.writeBigUInt64LE(1n, at.attributeMask)
}
