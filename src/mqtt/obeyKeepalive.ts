import type { MqttClient, Packet } from 'mqtt'

/** MQTT.js takes the keep-alive that a broker dictates only in place of one of ours: with none it would be cut off again and again. */
export const obeyKeepalive = (client: MqttClient): void => {
  client.on('packetreceive', (packet: Packet) => {
    const dictated = packet.cmd === 'connack' ? packet.properties?.serverKeepAlive : undefined
    if (dictated !== undefined) client.options.keepalive = dictated
  })
}
