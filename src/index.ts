export type { Actuator, Command, Connection, Delivery, OfflinePolicy, Reading, Sensor } from './model.js'
export { report, type ReportOptions } from './report.js'
export { daemon, type Reporter } from './daemon.js'

export { advertisements } from './bluetooth/advertisements.js'
export type { Advertisement, AdvertisingEvent } from './bluetooth/advertisement.js'
export { bluetoothRadio } from './bluetooth/bluetoothRadio.js'
export type { BluetoothOptions } from './bluetooth/bluetoothOptions.js'
export type { Radio } from './bluetooth/radio.js'
export type { RadioState } from './bluetooth/radioState.js'
export { strongest } from './bluetooth/strongest.js'
export { parseAdvertisement } from './bluetooth/parseAdvertisement.js'
export { replay, type ReplayOptions } from './captures/replay.js'
export { parseCaptureLine } from './captures/parseCaptureLine.js'

export { goveeSensor, type GoveeSensorOptions } from './govee/goveeSensor.js'
export { decodeGovee } from './govee/decodeGovee.js'
export type { Climate } from './govee/climate.js'
export type { Measurement } from './govee/measurement.js'
export type { Probe } from './govee/probe.js'
export { joinPackets } from './govee/joinPackets.js'

export { aht20Sensor, type Aht20SensorOptions } from './i2c/aht20Sensor.js'
export { arpSensor, type ArpSensorOptions } from './network/arpSensor.js'
export { btleSensor, type BtleSensorOptions } from './bt/btleSensor.js'
export { dhtSensor, type DhtSensorOptions } from './gpio/dhtSensor.js'
export { ds18x20Sensor, type Ds18x20Options as Ds18x20SensorOptions } from './one_wire/ds18x20Sensor.js'
export { execSensor, type ExecSensorOptions } from './exec/execSensor.js'
export { heartbeat, type HeartbeatOptions } from './heartbeat/heartbeat.js'
export type { ClimateOptions, ReadingForm } from './sysfs/climateSensor.js'

export {
  rpiGpioSensor as gpioSensor,
  type RpiGpioSensorOptions as GpioSensorOptions,
} from './gpio/rpiGpioSensor.js'
export type { ButtonOptions } from './gpio/pressReadings.js'
export { gpioSwitch, type GpioSwitchOptions } from './gpio/gpioSwitch.js'
export { gpioButton, type GpioButtonOptions } from './gpio/gpioButton.js'
export { kernelGpio } from './gpio/kernelGpio.js'
export { simulatedGpio, type Wire } from './gpio/simulatedGpio.js'
export type { GpioChip, InputOptions, LineLevel } from './gpio/gpioChip.js'

export { execActuator, type ExecActuatorOptions } from './exec/execActuator.js'
export type { RunOptions } from './exec/runCommand.js'
export { logicGate, type LogicGateOptions } from './local/logicGate.js'

export { mqttConnection, type MqttObservers } from './mqtt/mqttConnection.js'
export type { Metrics } from './mqtt/metrics.js'
export type { MqttOptions, TlsOptions } from './mqtt/mqttOptions.js'
export type { Backoff } from './mqtt/backoff.js'
export type { CaCertificate } from './mqtt/readCaCertificate.js'
export type { ClientCertificate } from './mqtt/readClientCertificate.js'
export { embeddedBroker, type EmbeddedBrokerOptions, type ListeningBroker } from './mqtt/embeddedBroker.js'
export { localConnection, type LocalOptions } from './local/localConnection.js'
export type { Condition } from './local/decide.js'

export { debounced } from './operators/debounced.js'
export { forgiving } from './operators/forgiving.js'
export { heldFor } from './operators/heldFor.js'
export { keepWhileUnheard } from './operators/keepWhileUnheard.js'
export { movingAverage } from './operators/movingAverage.js'
export { onlyChanges } from './operators/onlyChanges.js'
export { outbox, type OutboxOptions } from './operators/outbox.js'
export { poll, type PollOptions } from './operators/poll.js'
export { presence } from './operators/presence.js'
export { presses, type ButtonChange, type Press } from './operators/presses.js'
export { pulse } from './operators/pulse.js'
export { queued, type QueueOptions } from './operators/queued.js'
export { refreshable } from './operators/refreshable.js'
export { supervise } from './operators/supervise.js'
export { switched, type SwitchCommand } from './operators/switched.js'
export { throttleReadings } from './operators/throttleReadings.js'
export { watchdog } from './operators/watchdog.js'
export { withoutEchoes } from './operators/withoutEchoes.js'
export type { DeliveryCounts, DropReason } from './delivery/deliveryCounts.js'
export type { LinkState } from './delivery/linkState.js'
export { openSpool, type SpoolOptions } from './spool/openSpool.js'
export type { Spool } from './spool/spool.js'
export type { SpoolEntry } from './spool/spoolEntry.js'

export { load, type Environment, type Loaded } from './config/load.js'
export type { Lent } from './config/buildReporter.js'
export type { Problem } from './config/problem.js'
export {
  actuatorPlugin,
  connectionPlugin,
  sensorPlugin,
  type Plugin,
  type PluginContext,
  type PluginOfKind,
} from './config/plugin.js'
export * as fields from './config/fields/index.js'
export type { Finding } from './doctor/finding.js'

export { openLogging } from './logging/openLogging.js'
export type { Level } from './logging/level.js'
export type { Logger } from './logging/logger.js'
export type { Logging } from './logging/logging.js'
export type { LoggingOptions } from './logging/loggingOptions.js'
