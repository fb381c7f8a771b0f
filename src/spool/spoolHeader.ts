/** The first line of a spool file: whose it is, and the version of its format. */
export const spoolHeader = Buffer.from('sensor-reporter spool 1\n')
