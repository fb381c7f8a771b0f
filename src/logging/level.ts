/** How much is logged, as written in the ini file: a level and all that is more serious. */
export type Level = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR'
