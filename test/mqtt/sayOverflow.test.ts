import { describe, expect, it } from 'vitest'
import { sayOverflow } from '../../src/mqtt/sayOverflow.js'
import { recordedLog } from '../support/recordedLog.js'

describe('sayOverflow', () => {
  it('says once that readings are dropped, and how many it were when the broker is back', () => {
    const { log, lines } = recordedLog()
    const { dropped, back } = sayOverflow(log)
    for (const reason of ['superseded', 'overflow', 'overflow', 'offline'] as const) dropped(reason)
    back()
    back()
    expect(lines).toEqual([
      'warn: no more readings can wait for the broker: the oldest are dropped',
      'warn: 2 readings were dropped, since no more could wait for the broker',
    ])
  })

  it('says at the end how many still waited, and what would have kept them', () => {
    const { log, lines } = recordedLog()
    const { ended } = sayOverflow(log)
    ended(0)
    ended(7)
    expect(lines).toEqual([
      'warn: 7 readings that waited for the broker are lost: with a Spool they would be delivered later',
    ])
  })
})
