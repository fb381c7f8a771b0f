/** Parts of Node that only some configurations need: loading them all takes as long as connecting to a broker. */
const late = new Set([
  'child_process',
  'crypto',
  'dgram',
  'fs/promises',
  'http',
  'https',
  'module',
  'readline',
  'timers/promises',
  'tls',
  'zlib',
])

/** A `require` that loads these when the first of their functions is used. */
export const lateRequire =
  (require: NodeJS.Require) =>
  (id: string): unknown =>
    late.has(id.replace(/^node:/, ''))
      ? new Proxy({}, { get: (_, name) => (require(id) as Record<PropertyKey, unknown>)[name] })
      : require(id)
