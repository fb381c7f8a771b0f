const encoder = new TextEncoder()

/**
 * Makes one level of an MQTT topic of a name that came off the air: unsafe characters become `_`, white space around
 * it goes, and what exceeds `maxBytes` of UTF-8 is cut between characters. Empty for a name that is only space.
 *
 * @example topicLevel('../attic\n') // '.._attic'
 */
export function topicLevel(name: string, maxBytes = 64): string {
  // Brokers disconnect whoever publishes the odder ones; the rest would break out of the level, or out of a terminal.
  const unsafe = /[/+#$\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/gu
  const safe = name.trim().replace(unsafe, '_')
  const { read } = encoder.encodeInto(safe, new Uint8Array(maxBytes))
  return safe.slice(0, read).trimEnd()
}
