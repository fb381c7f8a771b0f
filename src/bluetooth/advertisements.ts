import type { Observable } from 'rxjs'
import type { Logger } from '../logging/logger.js'
import type { Advertisement } from './advertisement.js'
import { bluetoothRadio } from './bluetoothRadio.js'
import type { BluetoothOptions } from './bluetoothOptions.js'

/**
 * What the Bluetooth radio of this machine hears, for those who need not know how the radio is doing: `bluetoothRadio`
 * says that too. One scan serves all subscribers and runs while there are any. It never fails: without Bluetooth it says in
 * the log what is missing, and keeps trying.
 *
 * @example
 * goveeSensor(advertisements(console), { destination: 'govee' })
 */
export const advertisements = (log: Logger, options: BluetoothOptions = {}): Observable<Advertisement> =>
  bluetoothRadio(log, options).advertisements$
