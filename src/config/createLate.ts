import { defer } from 'rxjs'
import type { Made } from './classTable.js'

/** Makes a component, by kind, no earlier than it is subscribed to: a plug-in that fails to is supervised like one that fails later. */
export const createLate: { readonly [Kind in keyof Made]: (create: () => Made[Kind]) => Made[Kind] } = {
  connections: (create) => (readings$) => defer(() => create()(readings$)),
  sensors: (create) => defer(create),
  actuators: (create) => (commands$) => defer(() => create()(commands$)),
}
