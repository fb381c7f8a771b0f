/** MQTT allows topics with empty levels, but hardly anybody means them. */
export const slashWarning = (topic: string): string | undefined =>
  topic.startsWith('/') || topic.endsWith('/')
    ? 'a / at the beginning or the end makes a topic level without a name: leave it out'
    : undefined
