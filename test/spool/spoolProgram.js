// Appends a reading to a spool every 10 ms, counting up, and says so with the time, until it is killed. With HURRY=yes what it
// does every 10 s it does every half second.
import { openSpool } from '../../lib/spool/openSpool.js'

const [path, from] = process.argv.slice(2)
if (process.env.HURRY) {
  const { setInterval } = globalThis
  globalThis.setInterval = (act, ms, ...rest) => setInterval(act, ms === 10_000 ? 500 : ms, ...rest)
}
const say = (text) => console.log(text)
let value = Number(from)

openSpool(path, { size: 2 ** 20, log: { info: say, warn: say, error: say } }).subscribe((spool) => {
  say(`found ${spool.entries.length}`)
  setInterval(() => {
    spool.append({ destination: 'count', value })
    say(`appended ${value++} at ${Date.now()}`)
  }, 10)
})
