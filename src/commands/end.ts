import { libc } from '../gpio/kernel/libc.js'

/**
 * Ends the process with its exit code. Unlike `process.exit` it does not wait for Node's threads, any of which may hang in a
 * read or a look-up for ever.
 */
export function end(): void {
  // What others do at the exit is done before, since this comes last.
  process.once('exit', (code) => {
    try {
      libc().exit(code)
    } catch {
      process.kill(process.pid, 'SIGKILL')
    }
  })
  process.exit()
}
