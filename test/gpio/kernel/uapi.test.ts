import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { layout, lineEvents, lineRequest, nameAt, requests } from '../../../src/gpio/kernel/uapi.js'

/** What a C compiler makes of linux/gpio.h; gpioLayout.c beside it prints it. */
const header = JSON.parse(
  readFileSync(new URL('../../fixtures/gpioLayout.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, number>>

const of = (name: string) => header[name] ?? NaN
const sum = (...names: string[]) => names.reduce((total, name) => total + of(name), 0)

describe('the layout of linux/gpio.h', () => {
  it('is what the C compiler says', () => {
    const attribute = ['gpio_v2_line_request.config', 'gpio_v2_line_config.attrs']
    expect(layout).toEqual({
      chipInfo: { size: of('sizeof gpiochip_info'), label: of('gpiochip_info.label') },
      lineInfo: {
        size: of('sizeof gpio_v2_line_info'),
        consumer: of('gpio_v2_line_info.consumer'),
        line: of('gpio_v2_line_info.offset'),
      },
      lineRequest: {
        size: of('sizeof gpio_v2_line_request'),
        line: of('gpio_v2_line_request.offsets'),
        consumer: of('gpio_v2_line_request.consumer'),
        flags: sum('gpio_v2_line_request.config', 'gpio_v2_line_config.flags'),
        attributeCount: sum('gpio_v2_line_request.config', 'gpio_v2_line_config.num_attrs'),
        attributeId: sum(...attribute, 'gpio_v2_line_attribute.id'),
        attributeValue: sum(...attribute, 'gpio_v2_line_attribute.values'),
        attributeMask: sum(...attribute, 'gpio_v2_line_config_attribute.mask'),
        lineCount: of('gpio_v2_line_request.num_lines'),
        eventBufferSize: of('gpio_v2_line_request.event_buffer_size'),
        fd: of('gpio_v2_line_request.fd'),
      },
      lineValues: {
        size: of('sizeof gpio_v2_line_values'),
        bits: of('gpio_v2_line_values.bits'),
        mask: of('gpio_v2_line_values.mask'),
      },
      lineEvent: {
        size: of('sizeof gpio_v2_line_event'),
        timestamp: of('gpio_v2_line_event.timestamp_ns'),
        id: of('gpio_v2_line_event.id'),
        sequence: of('gpio_v2_line_event.line_seqno'),
      },
    })
    expect(of('gpio_v2_line_attribute.debounce_period_us')).toBe(of('gpio_v2_line_attribute.values'))
  })

  it('has the numbers of the requests', () => {
    expect(requests).toEqual({
      chipInfo: of('GPIO_GET_CHIPINFO_IOCTL'),
      lineInfo: of('GPIO_V2_GET_LINEINFO_IOCTL'),
      line: of('GPIO_V2_GET_LINE_IOCTL'),
      getValues: of('GPIO_V2_LINE_GET_VALUES_IOCTL'),
      setValues: of('GPIO_V2_LINE_SET_VALUES_IOCTL'),
    })
  })
})

const at = layout.lineRequest
const read = (request: Buffer) => ({
  line: request.readUInt32LE(at.line),
  consumer: nameAt(request, at.consumer),
  flags: Number(request.readBigUInt64LE(at.flags)),
  attributes: request.readUInt32LE(at.attributeCount),
  id: request.readUInt32LE(at.attributeId),
  value: request.readUInt32LE(at.attributeValue),
  mask: Number(request.readBigUInt64LE(at.attributeMask)),
  lines: request.readUInt32LE(at.lineCount),
})
const asked = { consumer: 'sensor_reporter', lines: 1 }

describe('lineRequest', () => {
  const edges = sum('GPIO_V2_LINE_FLAG_EDGE_RISING', 'GPIO_V2_LINE_FLAG_EDGE_FALLING')

  it.each([
    ['up', 'GPIO_V2_LINE_FLAG_BIAS_PULL_UP'],
    ['down', 'GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN'],
  ] as const)('asks for a debounced input pulled %s', (pull, bias) => {
    expect(read(lineRequest(17, { pull, debounce: 5 }))).toEqual({
      ...asked,
      line: 17,
      flags: sum('GPIO_V2_LINE_FLAG_INPUT', bias) + edges,
      attributes: 1,
      id: of('GPIO_V2_LINE_ATTR_ID_DEBOUNCE'),
      value: 5000,
      mask: 1,
    })
  })

  it('asks for an input without debouncing', () => {
    expect(read(lineRequest(4, { pull: 'up', debounce: 0 }))).toMatchObject({ attributes: 0, id: 0, mask: 0 })
  })

  it.each([true, false])('asks for an output that is %s at first', (level) => {
    expect(read(lineRequest(19, { level }))).toEqual({
      ...asked,
      line: 19,
      flags: of('GPIO_V2_LINE_FLAG_OUTPUT'),
      attributes: 1,
      id: of('GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES'),
      value: level ? 1 : 0,
      mask: 1,
    })
  })
})

describe('lineEvents', () => {
  const event = (id: string, timestamp: bigint, sequence: number) => {
    const bytes = Buffer.alloc(layout.lineEvent.size)
    bytes.writeBigUInt64LE(timestamp, 0)
    bytes.writeUInt32LE(of(id), layout.lineEvent.id)
    bytes.writeUInt32LE(sequence, layout.lineEvent.sequence)
    return bytes
  }

  it('takes apart as many as there are', () => {
    const bytes = Buffer.concat([
      event('GPIO_V2_LINE_EVENT_RISING_EDGE', 7_000_000_123n, 1),
      event('GPIO_V2_LINE_EVENT_FALLING_EDGE', 7_000_400_000n, 2),
    ])
    expect(lineEvents(bytes)).toEqual([
      { level: true, timestamp: 7_000_000_123n, sequence: 1 },
      { level: false, timestamp: 7_000_400_000n, sequence: 2 },
    ])
    expect(lineEvents(Buffer.alloc(0))).toEqual([])
  })
})
