import type { Measurement } from './measurement.js'

/** Models that share one layout, and how strictly a packet must look like theirs. */
export type Family = (Named | Served) & {
  readonly key: string
  /** Bytes of payload behind the company id. */
  readonly length: number
  /** The measurement in a payload of this length; undefined when it turns out to be none. */
  readonly decode: (model: string, payload: DataView) => Measurement | undefined
}

/** Recognised by company id and local name. */
interface Named {
  readonly companyIds: readonly number[]
  /** What the payload begins with. */
  readonly begins?: readonly number[]
  /** What local names begin with, and the model each stands for. */
  readonly names: Readonly<Record<string, string>>
  /** The model when there is no name, or one that says no model; without it, the name is needed. */
  readonly otherwise?: string
}

/** Recognised by a service UUID: where others have the company id, these begin with the end of their address. */
interface Served {
  /** 16-bit service UUIDs, and the model each stands for. */
  readonly services: Readonly<Record<string, string>>
}
