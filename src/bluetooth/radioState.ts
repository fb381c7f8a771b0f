/** How a radio is doing. `off`: its adapter is there and can be switched on; `missing`: there is none to listen with. */
export type RadioState =
  | { readonly kind: 'listening' }
  | {
      readonly kind: 'deaf'
      /** When something was last heard, milliseconds since the epoch. */
      readonly since: number
      /** The remedies have had their time; a new process might do better. */
      readonly hopeless?: true
    }
  | { readonly kind: 'off' | 'missing'; readonly reason: string }
