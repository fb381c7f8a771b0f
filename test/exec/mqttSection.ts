/** A connection to a broker of the test, as a section of a configuration. */
export const mqttSection = (port: number): string => `[Connection1]
Class = mqtt.mqtt_conn.MqttConnection
Name = MQTT
Client = test
User =
Password =
Host = 127.0.0.1
Port = ${port}
Keepalive = 10
RootTopic = root
`
