import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { drained } from '../../src/captures/drained.js'
import { collect } from '../support/collect.js'

describe('drained', () => {
  it('emits at once where there is room, and completes', () => {
    expect(collect(drained(new PassThrough()))).toHaveLength(1)
  })

  it('waits until the reader has caught up, or is gone', async () => {
    for (const end of [(stream: PassThrough) => stream.resume(), (stream: PassThrough) => stream.destroy()]) {
      const stream = new PassThrough({ highWaterMark: 4 })
      stream.write('much more')
      const emitted = new Promise((resolve) =>
        drained(stream).subscribe({ complete: () => resolve('ready'), error: resolve }),
      )
      expect(collect(drained(stream))).toEqual([])
      end(stream)
      expect(await emitted).toBe('ready')
    }
  })
})
