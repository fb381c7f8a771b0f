/** Whether a key of the file is the parameter that a schema calls `name`; `AddressX` is every `Address` with a number. */
export function isParameter(name: string, key: string): boolean {
  const numbered = name.endsWith('X')
  const stem = (numbered ? name.slice(0, -1) : name).toLowerCase()
  const rest = key.toLowerCase().slice(stem.length)
  return key.toLowerCase().startsWith(stem) && (numbered ? /^\d+$/ : /^$/).test(rest)
}
