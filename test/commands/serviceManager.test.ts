import { describe, expect, it, onTestFinished } from 'vitest'
import { serviceManager } from '../../src/commands/serviceManager.js'
import { marbles } from '../../src/testing/marbles.js'
import { hasPython, notifySocket } from '../support/notifySocket.js'
import { quietLog } from '../support/quietLog.js'

describe.skipIf(!hasPython)('the service manager', () => {
  it.each([{ abstract: false }, { abstract: true }])('is told at its socket: %j', async (options) => {
    const socket = await notifySocket(options)
    const { notify } = serviceManager(quietLog(), { NOTIFY_SOCKET: socket.path })
    notify('READY=1', 'STATUS=connected')
    await expect(socket.until(/READY/)).resolves.toBe('READY=1 STATUS=connected')
  })

  it('is told again and again that the process is not stuck', async () => {
    const socket = await notifySocket()
    const { alive$ } = serviceManager(quietLog(), { NOTIFY_SOCKET: socket.path, WATCHDOG_USEC: '90000' })
    const told = alive$.subscribe()
    onTestFinished(() => told.unsubscribe())
    const third = () => socket.lines.filter((line) => line === 'WATCHDOG=1').length >= 3
    await expect.poll(third).toBe(true)
  })
})

describe('what the program starts', () => {
  it('does not speak in its name', () => {
    const env = { NOTIFY_SOCKET: '/run/nobody', WATCHDOG_USEC: '1', WATCHDOG_PID: '1', PATH: '/bin' }
    serviceManager(quietLog(), env)
    expect(env).toEqual({ PATH: '/bin' })
  })
})

describe('the watchdog', () => {
  it.each([
    {},
    { NOTIFY_SOCKET: '/run/nobody' },
    { NOTIFY_SOCKET: '/run/nobody', WATCHDOG_USEC: '60', WATCHDOG_PID: '1' },
  ])('is not told where it is not for this process: %j', (env) =>
    marbles(({ expectObservable }) => {
      expectObservable(serviceManager(quietLog(), env).alive$).toBe('|')
    }),
  )
})
