/** Something that may make a deaf radio hear again. */
export interface Rung {
  readonly remedy: 'restart the scan' | 'power-cycle' | 'open anew'
  /** For the log: what is done, and what a person can do. */
  readonly says: string
}

/** From the gentlest to the harshest; it is climbed again from the bottom, with ever longer pauses. */
export const ladder: readonly [Rung, Rung, Rung] = [
  {
    remedy: 'restart the scan',
    says: 'Restarting the Bluetooth scan. If really nothing here ever sends, write Silence = 0 under [Bluetooth].',
  },
  {
    remedy: 'power-cycle',
    says: 'Switching the Bluetooth adapter off and on again. By hand: sudo rfkill unblock bluetooth; bluetoothctl power off; bluetoothctl power on.',
  },
  {
    remedy: 'open anew',
    says: 'Opening the Bluetooth adapter anew. By hand: unplug it and plug it in again, or reboot; from here on all this is tried again, ever less often.',
  },
]
