import { Aedes, type AedesOptions } from 'aedes'
import { tcpServer } from '../support/tcpServer.js'

/** A broker within the test's process that ends with the test; for what a real one cannot be told to do. */
export async function aedesBroker(options?: AedesOptions) {
  const broker = await Aedes.createBroker(options)
  return tcpServer((socket) => void broker.handle(socket))
}
