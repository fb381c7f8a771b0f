/** The configuration that users start with, for a broker on the given port; `replace` swaps texts in it. */
export const seed = (port: number, replace: Readonly<Record<string, string>> = {}): string =>
  Object.entries(replace).reduce(
    (text, [old, fresh]) => {
      if (!text.includes(old)) throw new Error(`expected "${old}" in the seed configuration`)
      return text.replace(old, fresh)
    },
    configuration.replace('1883', `${port}`),
  )

const configuration = `[Logging]
Syslog = NO
Level = INFO

[Connection1]
Class = mqtt.mqtt_conn.MqttConnection
Name = MQTT
Client = test
User = user
Password = password
Host = localhost
Port = 1883
Keepalive = 10
RootTopic = sensor_reporter
TLS = NO
Level = DEBUG

[Sensor0]
Class = govee.govee_sensor.GoveeSensor
Destination = govee
Connection = MQTT
Level = INFO
`

/** An H5075 as the radio heard it: 21.7 °C, 50.2 %, battery 100 %. */
export const kitchen =
  '{"address":"a4:c1:38:11:22:33","rssi":-61,"localName":"GVH5075_2233","serviceUuids":["ec88"],"manufacturerData":"88ec0003519e6400"}'

/** The same device at -7.3 °C, 48.1 %. */
export const freezer = kitchen.replace('0003519e6400', '00811f096400')

/** What the kitchen's packet becomes on the broker. */
export const kitchenMessages = ['temp_c 21.7', 'temp_f 71.1', 'humi 50.2', 'battery 100', 'rssi -61'].map(
  (message) => `sensor_reporter/govee/GVH5075_2233/${message}`,
)
