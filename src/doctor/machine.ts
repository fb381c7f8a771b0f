/** What the doctor looks at of the machine it runs on; all of it can be given in its place. */
export interface Machine {
  readonly nodeVersion: string
  readonly platform: NodeJS.Platform
  /** Folder that holds `proc` and `sys`. */
  readonly root: string
  /** Loads the Bluetooth library and throws, with a code, where that cannot be done. */
  readonly loadBluetooth: () => BluetoothLibrary
}

export interface BluetoothLibrary {
  readonly version: string
  /** The adapters the kernel knows; throws, with a code, where it has no Bluetooth. */
  readonly adapters: () => readonly { readonly devId: number; readonly devUp: boolean }[]
}
