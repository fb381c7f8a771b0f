import type { MqttClient, Packet } from 'mqtt'

/**
 * MQTT.js 5.16 throws when it acknowledges a message whose packet was too short to hold an id, which would end the
 * program: this makes a broken link of it.
 */
export const rejectMissingIds = (client: MqttClient): void => {
  client.on('packetreceive', (packet: Packet) => {
    if (packet.messageId !== -1) return
    packet.messageId = 0
    client.emit('error', new Error('a packet without a message id'))
  })
}
