export type { Actuator, Command, Connection, Reading, Sensor } from './model.js'
export { report, type ReportOptions } from './report.js'
export { daemon, type Reporter } from './daemon.js'

export { refreshable } from './operators/refreshable.js'
export { outbox } from './operators/outbox.js'
export { poll, type PollOptions } from './operators/poll.js'
export { supervise } from './operators/supervise.js'
export { watchdog } from './operators/watchdog.js'
export { onlyChanges } from './operators/onlyChanges.js'
export { keepWhileUnheard } from './operators/keepWhileUnheard.js'

export type { Advertisement, AdvertisingEvent } from './bluetooth/advertisement.js'
export { parseAdvertisement } from './bluetooth/parseAdvertisement.js'
export { parseCaptureLine } from './captures/parseCaptureLine.js'
export { replay, type ReplayOptions } from './captures/replay.js'
export { bluetoothRadio } from './bluetooth/bluetoothRadio.js'
export type { BluetoothOptions } from './bluetooth/bluetoothOptions.js'
export type { Radio } from './bluetooth/radio.js'
export type { RadioState } from './bluetooth/radioState.js'
export { strongest } from './bluetooth/strongest.js'

export type { Measurement } from './govee/measurement.js'
export { decodeGovee } from './govee/decodeGovee.js'
export { joinPackets } from './govee/joinPackets.js'
export { goveeSensor, type GoveeSensorOptions } from './govee/goveeSensor.js'

export { heartbeat, type HeartbeatOptions } from './heartbeat/heartbeat.js'
export { execSensor, type ExecSensorOptions } from './exec/execSensor.js'
export { execActuator, type ExecActuatorOptions } from './exec/execActuator.js'
export { localConnection, type LocalOptions } from './local/localConnection.js'
export { logicGate, type LogicGateOptions } from './local/logicGate.js'

export { mqttConnection } from './mqtt/mqttConnection.js'
export type { MqttOptions, TlsOptions } from './mqtt/mqttOptions.js'
export { embeddedBroker, type EmbeddedBrokerOptions } from './mqtt/embeddedBroker.js'

export { load, type Environment, type Loaded } from './config/load.js'
export {
  actuatorPlugin,
  connectionPlugin,
  sensorPlugin,
  type Plugin,
  type PluginContext,
} from './config/plugin.js'
export type { Problem } from './config/problem.js'

export { openLogging } from './logging/openLogging.js'
export type { Logger } from './logging/logger.js'
export type { Logging } from './logging/logging.js'
export type { LoggingOptions } from './logging/loggingOptions.js'
