import type { Logger } from '../logging/logger.js'
import type { RecordReader } from './recordReader.js'

/** A kind of binary capture file. */
export interface CaptureFormat {
  /** What its files begin with: four bytes in hex, one for each variant. */
  readonly magics: readonly string[]
  /** Bytes before the first record. */
  readonly fileHeader: number
  /** Makes a reader of the records of one file. */
  readonly open: (fileHeader: Buffer, log: Logger) => RecordReader
}
