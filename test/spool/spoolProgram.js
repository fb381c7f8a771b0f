// Appends a reading to a spool every 10 ms, counting up, and says so with the time, until it is killed.
import { openSpool } from '../../lib/spool/openSpool.js'

const [path, from] = process.argv.slice(2)
const say = (text) => console.log(text)
let value = Number(from)

openSpool(path, { size: 2 ** 20, log: { info: say, warn: say, error: say } }).subscribe((spool) => {
  say(`found ${spool.entries.length}`)
  setInterval(() => {
    spool.append({ destination: 'count', value })
    say(`appended ${value++} at ${Date.now()}`)
  }, 10)
})
