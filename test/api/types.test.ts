import type { MonoTypeOperatorFunction, Observable, OperatorFunction } from 'rxjs'
import {
  type Actuator,
  type Advertisement,
  advertisements,
  type Command,
  type Connection,
  daemon,
  debounced,
  decodeGovee,
  execActuator,
  fields,
  goveeSensor,
  heartbeat,
  load,
  type Loaded,
  localConnection,
  type Measurement,
  mqttConnection,
  outbox,
  parseAdvertisement,
  poll,
  presence,
  queued,
  type Reading,
  refreshable,
  replay,
  report,
  type Reporter,
  type Sensor,
  sensorPlugin,
  supervise,
  throttleReadings,
} from 'sensor-reporter'
import { advertisement, capture, fakeBroker } from 'sensor-reporter/testing'
import { describe, expectTypeOf, it } from 'vitest'

// The compiler is the test: `npm run typecheck` fails where a type is another one.
describe('The types of the library', () => {
  it('are those of RxJS: three types are the architecture', () => {
    expectTypeOf<Sensor>().toEqualTypeOf<Observable<Reading>>()
    expectTypeOf<Connection>().toEqualTypeOf<OperatorFunction<Reading, Command>>()
    expectTypeOf<Actuator>().toEqualTypeOf<OperatorFunction<Command, Reading>>()
  })

  it('of sources and sensors', () => {
    expectTypeOf(advertisements).returns.toEqualTypeOf<Observable<Advertisement>>()
    expectTypeOf(replay).returns.toEqualTypeOf<Observable<Advertisement>>()
    expectTypeOf(capture).returns.toEqualTypeOf<Observable<Advertisement>>()
    expectTypeOf(goveeSensor).parameter(0).toEqualTypeOf<Observable<Advertisement>>()
    expectTypeOf(goveeSensor).returns.toEqualTypeOf<Sensor>()
    expectTypeOf(heartbeat).returns.toEqualTypeOf<Sensor>()
  })

  it('of connections and actuators', () => {
    expectTypeOf(mqttConnection).returns.toEqualTypeOf<Connection>()
    expectTypeOf(localConnection).returns.toEqualTypeOf<Connection>()
    expectTypeOf(fakeBroker().connection).toEqualTypeOf<Connection>()
    expectTypeOf(execActuator).returns.toEqualTypeOf<Actuator>()
  })

  it('of operators, which keep what they need not change', () => {
    expectTypeOf(refreshable).returns.toEqualTypeOf<MonoTypeOperatorFunction<Reading>>()
    expectTypeOf(outbox).returns.toEqualTypeOf<MonoTypeOperatorFunction<Reading>>()
    expectTypeOf(throttleReadings).returns.toEqualTypeOf<MonoTypeOperatorFunction<Reading>>()
    expectTypeOf(presence).returns.toEqualTypeOf<OperatorFunction<unknown, boolean>>()
    expectTypeOf(debounced<number>).returns.toEqualTypeOf<MonoTypeOperatorFunction<number>>()
    expectTypeOf(supervise<Date>).returns.toEqualTypeOf<MonoTypeOperatorFunction<Date>>()
    expectTypeOf(poll(1000, () => Promise.resolve(21.5))).toEqualTypeOf<Observable<number>>()
    expectTypeOf(queued<Command, string>).returns.toEqualTypeOf<OperatorFunction<Command, string>>()
  })

  it('of pure functions', () => {
    expectTypeOf(decodeGovee).toEqualTypeOf<(advertisement: Advertisement) => Measurement | undefined>()
    expectTypeOf(parseAdvertisement).parameter(0).toEqualTypeOf<Uint8Array>()
    expectTypeOf(parseAdvertisement).returns.toExtend<Partial<Advertisement>>()
    expectTypeOf(advertisement).returns.toEqualTypeOf<Advertisement>()
  })

  it('of what runs it all', () => {
    expectTypeOf(report).returns.toEqualTypeOf<Observable<Command>>()
    expectTypeOf(daemon).parameter(0).toEqualTypeOf<Observable<Reporter>>()
    expectTypeOf(load).returns.toEqualTypeOf<Promise<Loaded>>()
  })

  it('of plug-ins: the options are what the fields make of the texts', () => {
    sensorPlugin({
      summary: 'Any.',
      options: fields.object({ Poll: fields.seconds(1), Mode: fields.choice('A', 'B').optional() }),
      create: (options, { advertisements$ }) => {
        expectTypeOf(options).toEqualTypeOf<{ Poll: number; Mode?: 'A' | 'B' | undefined }>()
        return goveeSensor(advertisements$, { destination: 'govee' })
      },
    })
  })
})
