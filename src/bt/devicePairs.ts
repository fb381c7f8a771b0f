/** Puts the numbered parameters `AddressX` and `DestinationX` together. */
export const devicePairs = (
  addresses: Readonly<Record<string, string>>,
  destinations: Readonly<Record<string, string>>,
): (readonly [address: string, destination: string])[] =>
  Object.entries(addresses).map(([number, address]) => [address, destinations[number] ?? ''])
