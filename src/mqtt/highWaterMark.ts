/** Bytes a broker may leave unread before readings are held back: some ten thousand readings, a few MiB of memory. */
export const highWaterMark = 1024 * 1024
