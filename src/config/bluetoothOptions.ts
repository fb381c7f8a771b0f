import type { z } from 'zod'
import type { BluetoothOptions } from '../bluetooth/bluetoothOptions.js'
import type { bluetoothSchema } from './bluetoothSchema.js'

/** `[Bluetooth]` as the radio wants it. */
export const bluetoothOptions = ({
  Adapter,
  Silence,
  Restart,
  Expire,
  MinRssi,
}: z.output<typeof bluetoothSchema>): BluetoothOptions => ({
  ...(Adapter && { adapters: Adapter }),
  silence: Silence,
  restart: Restart,
  expire: Expire,
  ...(MinRssi !== undefined && { minRssi: MinRssi }),
})
