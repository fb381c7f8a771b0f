import type loglevel from 'loglevel'

/** The part of a loglevel logger that sensors, connections and `supervise` use. */
export type Logger = Pick<loglevel.Logger, 'debug' | 'info' | 'warn' | 'error'>
