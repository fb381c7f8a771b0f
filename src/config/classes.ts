import { GoveeSensor } from '../govee/goveeSensor.js'
import { MqttConnection } from '../mqtt/mqttConnection.js'
import type { ClassTable } from './classTable.js'

/** Every `Class` there is. A new plug-in is one row here. */
export const classes: ClassTable = {
  connections: {
    'mqtt.mqtt_conn.MqttConnection': MqttConnection,
  },
  sensors: {
    'govee.govee_sensor.GoveeSensor': GoveeSensor,
    'bt.govee_sensor.GoveeSensor': GoveeSensor,
  },
  actuators: {},
}
