/** A reason code as the tables of MQTT 5 write it: `reasonCode(142)` is `0x8E`. */
export const reasonCode = (code: number): string => `0x${code.toString(16).toUpperCase().padStart(2, '0')}`
