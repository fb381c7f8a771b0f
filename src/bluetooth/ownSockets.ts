import { closeSync } from 'node:fs'
import { hciSockets } from './hciSockets.js'

/**
 * Runs what opens Bluetooth sockets, and returns what it made together with what closes them: the library never does,
 * and an open one keeps the number of an adapter that was pulled out.
 */
export function ownSockets<T>(open: () => T): readonly [made: T, close: () => void] {
  const others = hciSockets()
  const made = open()
  const own = [...hciSockets().keys()].filter((socket) => !others.has(socket))
  const close = () => {
    const descriptors = hciSockets()
    for (const socket of own) {
      const descriptor = descriptors.get(socket)
      if (descriptor !== undefined) closeSync(descriptor)
    }
  }
  return [made, close]
}
