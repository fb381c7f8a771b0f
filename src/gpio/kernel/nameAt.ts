const nameSize = 32

/** A name in a structure of linux/gpio.h: at most 32 bytes, ended by a zero. */
export const nameAt = (bytes: Buffer, offset: number): string =>
  bytes
    .toString('utf8', offset, offset + nameSize)
    .split('\0', 1)
    .join()
