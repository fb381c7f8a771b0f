export { marbles } from './marbles.js'
export { diagram } from './diagram.js'
export { diagrams, type DiagramTest, type Expressions } from './diagrams.js'
export { labelled } from './labelled.js'

export { fakeBroker, type FakeBroker } from './fakeBroker.js'
export type { FakeBrokerOptions } from './fakeBrokerOptions.js'
export type { PublishedMessage } from './publishedMessage.js'

export { advertisement, type AdvertisementOptions } from './advertisement.js'
export type { GoveeValues, ProbeValues } from './govee/goveeValues.js'
export { capture } from './capture.js'
