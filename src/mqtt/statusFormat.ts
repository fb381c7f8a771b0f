/** What MQTT 5 tells subscribers about the payloads on `<rootTopic>/status`; MQTT 3.1.1 has no room for it. */
export const statusFormat = { contentType: 'text/plain', payloadFormatIndicator: true }
