/** Whether a manufacturer record begins with the last three octets of the address: `30 55 44`, and `c73130305544`. */
export const spellsAddress = (record: Uint8Array, digits: string): boolean =>
  Buffer.from(record.subarray(0, 3)).toString('hex') === digits.slice(-6)
