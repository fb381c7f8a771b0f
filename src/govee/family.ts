import type { Measurement } from './measurement.js'

/** Models that share one layout, and how strictly a packet must look like theirs. */
export interface Family {
  readonly key: string
  /** Company id of the manufacturer record. */
  readonly companyId: number
  /** Bytes of payload behind the company id. */
  readonly length: number
  /** What local names begin with, and the model each stands for. */
  readonly names: Readonly<Record<string, string>>
  /** The model under any other name or none; without it, the name is needed to recognise the family. */
  readonly otherwise?: string
  /** The measurement in a payload of this length; undefined when it turns out to be none. */
  readonly decode: (model: string, payload: Uint8Array) => Measurement | undefined
}
