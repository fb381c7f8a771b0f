import { ignoreElements, lastValueFrom, ReplaySubject, Subject, tap } from 'rxjs'
import { onTestFinished } from 'vitest'
import type { Command, Reading } from '../../src/model.js'
import { brokerConnection } from '../../src/mqtt/mqttConnection.js'
import type { BrokerOptions } from '../../src/mqtt/options.js'
import { journal } from '../support/journal.js'
import { recordedLog } from '../support/recordedLog.js'

/** A connection that the test feeds, with short pauses between its attempts; it ends with the test. */
export function startConnection(options: Partial<BrokerOptions> & { readonly port: number }) {
  const readings$ = new Subject<Reading>()
  const { log, lines, until } = recordedLog()
  const connection = brokerConnection(
    {
      name: 'MQTT',
      client: 'test',
      host: '127.0.0.1',
      keepalive: 60_000,
      rootTopic: 'root',
      backoff: { first: 20, longest: 150 },
      closeTimeout: 1000,
      ...options,
    },
    log,
  )
  const end$ = new ReplaySubject<never>(1)
  const commands = journal<Command>()
  const subscription = readings$.pipe(connection, tap(commands.add), ignoreElements()).subscribe(end$)
  onTestFinished(() => subscription.unsubscribe())
  return {
    send: (destination: string, value: Reading['value']) => readings$.next({ destination, value }),
    sendReading: (reading: Reading) => readings$.next(reading),
    /** Ends the readings and resolves when the connection has completed. */
    stop: () => {
      readings$.complete()
      return lastValueFrom(end$, { defaultValue: undefined })
    },
    /** What came in for actuators. */
    commands,
    unsubscribe: () => subscription.unsubscribe(),
    lines,
    logged: until,
  }
}
