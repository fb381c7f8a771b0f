// A daemon in small: its timer ticks, first logging a lot; told to stop it ends in an orderly way.
import { openLogging } from '../../lib/logging/openLogging.js'

const [ticks, linesPerTick, file] = process.argv.slice(2)
const logging = openLogging({ level: 'INFO', syslog: false, maxSize: 0, numFiles: 0, ...(file && { file }) })
const log = logging.getLogger('Sensor0')
let ticked = 0

const stop = async () => {
  clearInterval(timer)
  await logging.close()
  process.disconnect()
  // What standard output's sleeping reader never takes would hold the process for ever.
  setTimeout(() => process.exit(), 100).unref()
}
const timer = setInterval(() => {
  if (++ticked > Number(ticks)) return
  for (let line = 0; line < Number(linesPerTick); line++) log.info(`${line} ${'x'.repeat(100)}`)
  if (ticked === Number(ticks)) process.send('ticked')
}, 5)
process.on('message', stop)
