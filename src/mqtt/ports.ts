/** Where TLS begins is the commonest mistake. */
export const ports = 'TLS is usually on port 8883, plain MQTT on 1883'
