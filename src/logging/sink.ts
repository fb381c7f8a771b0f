import type { OperatorFunction } from 'rxjs'
import type { LogRecord } from './logRecord.js'

/** Where log records go. It emits whenever one has arrived, fails when it cannot go on, and completes when all are out. */
export type Sink = OperatorFunction<LogRecord, void>
