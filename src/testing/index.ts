export { marbles } from './marbles.js'
export { diagram, diagrams, type DiagramTest, type Expressions } from './diagrams.js'
export { labelled } from './parseDiagram.js'
export { fakeBroker, type FakeBroker, type FakeBrokerOptions, type PublishedMessage } from './fakeBroker.js'
export {
  advertisement,
  type AdvertisementOptions,
  type BrandAdvertisementOptions,
  type Heard,
} from './advertisement.js'
export type { BrandValues, GoveeValues, ProbeValues } from './encoders/encoder.js'
export { capture } from './capture.js'
