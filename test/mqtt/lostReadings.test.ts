import { describe, expect, it } from 'vitest'
import { logLostReadings } from '../../src/mqtt/lostReadings.js'
import { recordedLog } from '../support/recordedLog.js'

describe('logLostReadings', () => {
  it('says once that readings are dropped, and how many it were when the broker is back', () => {
    const { log, lines } = recordedLog()
    const { dropped, back } = logLostReadings(log)
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
    const { ended } = logLostReadings(log)
    ended(0)
    ended(7)
    expect(lines).toEqual([
      'warn: 7 readings that waited for the broker are lost: with a Spool they would be delivered later',
    ])
  })

  it('says at the end what was lost before the broker came, and what the broker did not take', () => {
    const { log, lines } = recordedLog()
    const { dropped, back, ended } = logLostReadings(log)
    for (const reason of ['superseded', 'superseded', 'offline'] as const) dropped(reason)
    back()
    dropped('superseded')
    ended(0, 3)
    expect(lines).toEqual([
      'warn: 3 readings are lost: the broker did not take them before the end',
      'warn: 1 readings are lost: they came before the broker, and were not to wait for it',
      'info: 2 readings were replaced by newer ones before the broker came: with Offline = all it would have got them, too',
    ])
  })
})
