/**
 * Whether the kernel's neighbour table has a complete entry for a MAC address. The table is the text of `/proc/net/arp`:
 * IP address, hardware type, flags, MAC address, mask, device; bit 2 of the flags says that somebody answered
 * (ATF_COM, linux/if_arp.h).
 */
export const isNeighbour = (table: string, mac: string): boolean =>
  table.split('\n').some((line) => {
    const [, , flags, address] = line.split(/\s+/)
    return address?.toLowerCase() === mac && (Number(flags) & 2) !== 0
  })
