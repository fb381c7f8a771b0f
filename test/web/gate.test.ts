import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { asyncScheduler } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { describe, expect, it } from 'vitest'
import { gate } from '../../src/web/gate.js'
import { quietLog } from '../support/quietLog.js'

const virtually = (test: (after: (ms: number, then: () => void) => void) => void) =>
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(({ flush }) => {
    test((ms, then) => void asyncScheduler.schedule(then, ms))
    flush()
  })

const withCookie = (cookie = '') => {
  const request = new IncomingMessage(new Socket())
  request.headers.cookie = cookie
  return request
}

const place = { port: 8080, path: '/', secure: false }

describe('gate', () => {
  it('looks at the next attempt 1, 2, 4 … 60 s after a wrong one, and at no other before', () =>
    virtually((after) => {
      const log = quietLog()
      const { enter } = gate('right', place, log)
      const waits: unknown[] = []
      const attempt = (password: string) => waits.push(enter('192.0.2.1', password))
      let at = 0
      for (const pause of [0, 1, 2, 4, 8, 16, 32, 60]) after((at += pause * 1000), () => attempt('wrong'))
      // A second too soon, and it is not even looked at.
      after(at + 59_000, () => attempt('right'))
      after(at + 60_000, () => attempt('right'))
      after(at + 60_001, () => {
        expect(waits.slice(0, 9)).toEqual(
          [1, 2, 4, 8, 16, 32, 60, 60, 1].map((seconds) => ({ wait: seconds * 1000 })),
        )
        expect(waits[9]).toHaveProperty('cookie')
        // Who guesses without end fills no log.
        expect(log.warn).toHaveBeenCalledTimes(8)
        expect(log.warn).toHaveBeenLastCalledWith('a wrong password from 192.0.2.1')
      })
    }))

  it('lets others in meanwhile, but not those of the same IPv6 network', () => {
    const { enter } = gate('right', place, quietLog())
    enter('2001:db8:0:1::1', 'wrong')
    expect(enter('2001:db8:0:1::2', 'right')).toHaveProperty('wait')
    expect(enter('2001:db8:0:2::1', 'right')).toHaveProperty('cookie')
    expect(enter('192.0.2.1', 'right')).toHaveProperty('cookie')
  })

  it('ends a session after 30 days', () =>
    virtually((after) => {
      const { enter, isOpen } = gate('right', place, quietLog())
      const entered = enter('192.0.2.1', 'right')
      const cookie = 'cookie' in entered ? (entered.cookie.split(';')[0] ?? '') : ''
      const opens = () => isOpen(withCookie(cookie))
      const days = 86_400_000
      expect(opens()).toBe(true)
      after(30 * days - 1, () => expect(opens()).toBe(true))
      after(30 * days, () => expect(opens()).toBe(false))
    }))

  it('remembers a thousand sessions, the newest', () => {
    const { enter, isOpen } = gate('right', place, quietLog())
    const sessions = Array.from({ length: 1001 }, () => {
      const entered = enter('192.0.2.1', 'right')
      return 'cookie' in entered ? (entered.cookie.split(';')[0] ?? '') : ''
    })
    const opens = (cookie: string | undefined) => isOpen(withCookie(cookie))
    expect([opens(sessions[0]), opens(sessions[1]), opens(sessions[1000])]).toEqual([false, true, true])
  })
})
