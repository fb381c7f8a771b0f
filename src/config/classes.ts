import type { Made, PluginOf } from '../plugin/plugin.js'

/** What loads the plug-in that a section's `Class` means; the section's prefix picks the column. */
export type ClassTable = {
  readonly [Kind in keyof Made]: Readonly<Record<string, () => Promise<PluginOf<Kind>>>>
}

/** The classes of the Python program that are not there, by their last word, and why. */
export const missingClasses: Readonly<Record<string, string>> = {
  HomieConnection: 'Homie is not spoken here: mqtt.mqtt_conn.MqttConnection publishes on plain topics',
  TriacDimmer:
    'the kernel has no driver for this dimmer: exec.exec_actuator.ExecActuator hands a command to a program that drives it',
  DashSensor:
    'the Dash buttons that it listened to work no more: network.arp_sensor.ArpSensor says who is on the network',
  Pafal20ec3gr:
    'meters on a serial line are not read here: exec.exec_sensor.ExecSensor publishes what a program says',
  RokuAddressSensor:
    'it was given up by the Python program itself: exec.exec_sensor.ExecSensor publishes what a program says',
}

/** Every `Class` of the program itself. A new plug-in is one row here; only what a configuration uses is loaded. */
export const classes: ClassTable = {
  connections: {
    'mqtt.mqtt_conn.MqttConnection': async () => (await import('../mqtt/mqttPlugin.js')).MqttConnection,
    'local.local_conn.LocalConnection': async () =>
      (await import('../local/localConnection.js')).LocalConnection,
    'web.web_conn.WebConnection': async () => (await import('../web/webConnection.js')).WebConnection,
    'openhab_rest.rest_conn.OpenhabREST': async () =>
      (await import('../openhab/openhabPlugin.js')).OpenhabREST,
  },
  sensors: {
    'govee.govee_sensor.GoveeSensor': async () => (await import('../ble/blePlugins.js')).GoveeSensor,
    'bt.govee_sensor.GoveeSensor': async () => (await import('../ble/blePlugins.js')).GoveeSensor,
    'ble.ble_sensor.BleSensor': async () => (await import('../ble/blePlugins.js')).BleSensor,
    'bt.btle_sensor.BtleSensor': async () => (await import('../ble/presence.js')).BtleSensor,
    'bluetooth.btle_sensor.BtleSensor': async () => (await import('../ble/presence.js')).BtleSensor,
    'bt.btscan_sensor.SimpleBtSensor': async () => (await import('../ble/presence.js')).SimpleBtSensor,
    'exec.exec_sensor.ExecSensor': async () => (await import('../exec/execSensor.js')).ExecSensor,
    'gpio.dht_sensor.DhtSensor': async () => (await import('../gpio/dhtSensor.js')).DhtSensor,
    'gpio.rpi_gpio.RpiGpioSensor': async () => (await import('../gpio/rpiGpioSensor.js')).RpiGpioSensor,
    'heartbeat.heartbeat.Heartbeat': async () => (await import('../heartbeat/heartbeat.js')).Heartbeat,
    'i2c.aht20.AHT20Sensor': async () => (await import('../i2c/aht20Sensor.js')).Aht20Sensor,
    'network.arp_sensor.ArpSensor': async () => (await import('../network/arpSensor.js')).ArpSensor,
    'one_wire.ds18x20_sensor.Ds18x20Sensor': async () =>
      (await import('../one_wire/ds18x20Sensor.js')).Ds18x20Sensor,
    'gpio.ds18x20_sensor.Ds18x20Sensor': async () =>
      (await import('../one_wire/ds18x20Sensor.js')).Ds18x20Sensor,
  },
  actuators: {
    'exec.exec_actuator.ExecActuator': async () => (await import('../exec/execActuator.js')).ExecActuator,
    'gpio.gpio_led.GpioColorLED': async () => (await import('../gpio/gpioLed.js')).GpioColorLed,
    'gpio.rpi_gpio.RpiGpioActuator': async () => (await import('../gpio/rpiGpioActuator.js')).RpiGpioActuator,
    'i2c.pwm.PwmHatColorLED': async () => (await import('../i2c/pwmHat.js')).PwmHatColorLed,
    'i2c.relay.EightRelayHAT': async () => (await import('../i2c/relay.js')).EightRelayHat,
    'local.local_logic.LogicAnd': async () => (await import('../local/logicGates.js')).LogicAnd,
    'local.local_logic.LogicNot': async () => (await import('../local/logicGates.js')).LogicNot,
    'local.local_logic.LogicOr': async () => (await import('../local/logicGates.js')).LogicOr,
  },
}
