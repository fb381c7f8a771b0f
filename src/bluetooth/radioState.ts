/** How a radio is doing. `off`: its adapter is there and can be switched on; `missing`: there is none to listen with. */
export type RadioState =
  | {
      /** Something was heard lately. */
      readonly kind: 'listening'
    }
  | {
      /** It listens, and hears nothing. */
      readonly kind: 'deaf'
      /** When something was last heard, milliseconds since the epoch. */
      readonly since: number
      /** The remedies have had their time; a new process might do better. */
      readonly hopeless?: true
    }
  | {
      /** It cannot listen. */
      readonly kind: 'off' | 'missing'
      /** Why, and what to do, in words. */
      readonly reason: string
    }
