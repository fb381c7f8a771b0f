import { BtleSensor } from '../bt/btleSensor.js'
import { SimpleBtSensor } from '../bt/simpleBtSensor.js'
import { ExecActuator } from '../exec/execActuator.js'
import { ExecSensor } from '../exec/execSensor.js'
import { GoveeSensor } from '../govee/goveeSensor.js'
import { DhtSensor } from '../gpio/dhtSensor.js'
import { RpiGpioActuator } from '../gpio/rpiGpioActuator.js'
import { RpiGpioSensor } from '../gpio/rpiGpioSensor.js'
import { Heartbeat } from '../heartbeat/heartbeat.js'
import { Aht20Sensor } from '../i2c/aht20Sensor.js'
import { LocalConnection } from '../local/localConnection.js'
import { LogicAnd } from '../local/logicAnd.js'
import { LogicNot } from '../local/logicNot.js'
import { LogicOr } from '../local/logicOr.js'
import { MqttConnection } from '../mqtt/mqttConnectionPlugin.js'
import { ArpSensor } from '../network/arpSensor.js'
import { Ds18x20Sensor } from '../one_wire/ds18x20Sensor.js'
import type { ClassTable } from './classTable.js'

/** Every `Class` there is. A new plug-in is one row here. */
export const classes: ClassTable = {
  connections: {
    'mqtt.mqtt_conn.MqttConnection': MqttConnection,
    'local.local_conn.LocalConnection': LocalConnection,
  },
  sensors: {
    'govee.govee_sensor.GoveeSensor': GoveeSensor,
    'bt.govee_sensor.GoveeSensor': GoveeSensor,
    'bt.btle_sensor.BtleSensor': BtleSensor,
    'bluetooth.btle_sensor.BtleSensor': BtleSensor,
    'bt.btscan_sensor.SimpleBtSensor': SimpleBtSensor,
    'exec.exec_sensor.ExecSensor': ExecSensor,
    'gpio.dht_sensor.DhtSensor': DhtSensor,
    'gpio.rpi_gpio.RpiGpioSensor': RpiGpioSensor,
    'heartbeat.heartbeat.Heartbeat': Heartbeat,
    'i2c.aht20.AHT20Sensor': Aht20Sensor,
    'network.arp_sensor.ArpSensor': ArpSensor,
    'one_wire.ds18x20_sensor.Ds18x20Sensor': Ds18x20Sensor,
    'gpio.ds18x20_sensor.Ds18x20Sensor': Ds18x20Sensor,
  },
  actuators: {
    'exec.exec_actuator.ExecActuator': ExecActuator,
    'gpio.rpi_gpio.RpiGpioActuator': RpiGpioActuator,
    'local.local_logic.LogicAnd': LogicAnd,
    'local.local_logic.LogicNot': LogicNot,
    'local.local_logic.LogicOr': LogicOr,
  },
}
