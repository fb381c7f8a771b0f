export type {
  Actuator,
  Command,
  Connection,
  Delivery,
  Logger,
  OfflinePolicy,
  Reading,
  Sensor,
} from './model.js'
export { isWithdrawal, withdrawal } from './model.js'
export type { CommandWords, DescribedDevice, Description, Expected, Quantity } from './description.js'
export { report, type ReportOptions } from './report.js'
export { daemon, type Reporter } from './daemon.js'

export { advertisements, bluetoothRadio } from './radio/bluetoothRadio.js'
export type { BluetoothOptions, Radio, RadioState } from './radio/state.js'
export { type Advertisement, type AdvertisingEvent, parseAdvertisement } from './radio/advertisement.js'
export { strongest } from './radio/strongest.js'
export { replay, type ReplayOptions } from './captures/replay.js'
export { parseCaptureLine } from './captures/jsonLines.js'

export {
  bleReports,
  type BleReportsOptions,
  bleSensor,
  type BleSensorOptions,
  goveeReports,
  goveeSensor,
  type GoveeSensorOptions,
} from './ble/bleSensor.js'
export { formatPlugin, type FormatPlugin } from './ble/blePlugins.js'
export { formats } from './ble/formats/formats.js'
export type { Format } from './ble/formats/format.js'
export { type Offsets, readingsOf, type Report } from './ble/reports.js'
export { decodeGovee } from './ble/formats/govee/families.js'
export type { BleEvent, ButtonAction, Climate, Measurement, Probe } from './ble/measurement.js'
export { joinPackets } from './ble/joinPackets.js'

export { aht20Sensor, type Aht20SensorOptions } from './i2c/aht20Sensor.js'
export { arpSensor, type ArpSensorOptions } from './network/arpSensor.js'
export { btleSensor, type BtleSensorOptions } from './ble/presence.js'
export { dhtSensor, type DhtSensorOptions } from './gpio/dhtSensor.js'
export { ds18x20Sensor, type Ds18x20SensorOptions } from './one_wire/ds18x20Sensor.js'
export { execSensor, type ExecSensorOptions } from './exec/execSensor.js'
export { heartbeat, type HeartbeatOptions } from './heartbeat/heartbeat.js'
export type { ClimateOptions, ReadingForm } from './sysfs/climate.js'

export { type ButtonOptions, gpioSensor, type GpioSensorOptions } from './gpio/rpiGpioSensor.js'
export {
  gpioButton,
  type GpioButtonOptions,
  gpioSwitch,
  type GpioSwitchOptions,
} from './gpio/rpiGpioActuator.js'
export { kernelGpio } from './gpio/kernelGpio.js'
export { simulatedGpio, type Wire } from './gpio/simulatedGpio.js'
export type { GpioChip, InputOptions, LineLevel } from './plugin/gpioChip.js'

export { execActuator, type ExecActuatorOptions } from './exec/execActuator.js'
export type { RunOptions } from './exec/runCommand.js'
export { logicGate, type LogicGateOptions } from './local/logicGates.js'

export { mqttConnection, type MqttObservers } from './mqtt/mqttConnection.js'
export type {
  Backoff,
  CaCertificate,
  ClientCertificate,
  HomeAssistantOptions,
  MqttOptions,
  TlsOptions,
} from './mqtt/options.js'
export { embeddedBroker, type EmbeddedBrokerOptions, type ListeningBroker } from './mqtt/embeddedBroker.js'
export { webConnection, type WebCertificate, type WebObserved, type WebOptions } from './web/webConnection.js'
export type { HeardDevice, StateInWords, States } from './plugin/surroundings.js'
export { type Condition, localConnection, type LocalOptions } from './local/localConnection.js'

export { debounced } from './operators/debounced.js'
export { exponentialAverage } from './operators/exponentialAverage.js'
export { forgiving } from './operators/forgiving.js'
export { heldFor } from './operators/heldFor.js'
export { keepWhileUnheard } from './operators/keepWhileUnheard.js'
export { movingAverage } from './operators/movingAverage.js'
export { onlyChanges } from './operators/onlyChanges.js'
export { outbox, type OutboxOptions } from './operators/outbox.js'
export { poll, type PollOptions } from './operators/poll.js'
export { presence } from './operators/presence.js'
export { type ButtonChange, type Press, presses } from './operators/presses.js'
export { pulse } from './operators/pulse.js'
export { queued, type QueueOptions } from './operators/queued.js'
export { refreshable } from './operators/refreshable.js'
export { supervise } from './operators/supervise.js'
export { type SwitchCommand, switched } from './operators/switched.js'
export { throttleReadings } from './operators/throttleReadings.js'
export { watchdog } from './operators/watchdog.js'
export { withoutEchoes } from './operators/withoutEchoes.js'

export type { DeliveryCounts, LinkState, Metrics } from './delivery/deliveries.js'
export type { DropReason } from './delivery/kept.js'
export { openSpool, type SpoolOptions } from './spool/openSpool.js'
export type { Spool, SpoolEntry } from './delivery/spool.js'

export { type Environment, load, type Loaded } from './config/load.js'
export type { Lent } from './config/buildReporter.js'
export type { Problem } from './fields/problems.js'
export {
  actuatorPlugin,
  connectionPlugin,
  type FileContents,
  type Finding,
  type Plugin,
  type PluginContext,
  type PluginOfKind,
  sensorPlugin,
} from './plugin/plugin.js'
export * as fields from './fields/publicFields.js'

export { type Logging, openLogging } from './logging/openLogging.js'
export type { Level, LoggingOptions } from './logging/records.js'
