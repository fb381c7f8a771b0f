// npm run kernel [-- NAME]: the program on a real kernel, in emulated machines with virtual adapters and pins. Prints a line a case, of
// those whose subject and name contain NAME; exits with 1 when one has failed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { appendFileSync, cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { subjects } from './cases/subjects.js'
import { boot } from './machine.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { guests: { type: 'string', default: '2' }, transcript: { type: 'boolean' } },
})
const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const cache = resolve(process.env.HWSIM_CACHE ?? join(homedir(), '.cache/sensor-reporter-kernel'))
const guests = Number(values.guests)
if (!Number.isInteger(guests) || guests < 1) {
  console.error(`expected a number of machines after --guests, got "${values.guests}"`)
  process.exit(2)
}

/** What it needs, and the package of Debian that has it. */
const needed = {
  'qemu-system-x86_64': 'qemu-system-x86 seabios',
  mosquitto: 'mosquitto',
  cpio: 'cpio',
  xz: 'xz-utils',
  'gcc-12': 'gcc-12',
  make: 'make',
  'dpkg-deb': 'dpkg',
}
const missing = Object.keys(needed).filter(
  (name) => spawnSync('sh', ['-c', `PATH=$PATH:/usr/sbin; command -v ${name}`]).status !== 0,
)
if (missing.length > 0) {
  console.error(`npm run kernel needs a Debian 12 machine (amd64), and there is no ${missing.join(', no ')}:
  sudo apt-get update && sudo apt-get install --no-install-recommends ${missing.map((name) => needed[name]).join(' ')}`)
  process.exit(2)
}
try {
  // A name that the kernel gives to one process at a time. The machines of two runs would take each other's cores, too.
  const name = createHash('sha256').update(cache).digest('hex')
  await once(createServer().unref().listen(`\0sensor-reporter-kernel:${name}`), 'listening')
} catch {
  console.error(`expected to be the only one, but another npm run kernel uses ${cache}: wait until it ends`)
  process.exit(2)
}
if (spawnSync(here('buildCache.sh'), [cache], { stdio: 'inherit' }).status !== 0) {
  console.error(
    `The kernel could not be made ready in ${cache}; it needs the network once, and sudo apt-get update before.`,
  )
  process.exit(2)
}

const wanted = positionals.join(' ').toLowerCase()
/** Guests to boot: a subject, and the numbers of its cases that are still to be run. */
const waiting = Object.entries(subjects)
  .map(([subject, cases]) => ({
    subject,
    names: Object.keys(cases),
    left: Object.keys(cases).flatMap((name, number) =>
      `${subject}: ${name}`.toLowerCase().includes(wanted) ? [number] : [],
    ),
  }))
  .filter(({ left }) => left.length > 0)
if (waiting.length === 0) {
  console.error(`expected a part of the name of a case, got "${wanted}"; the cases are:`)
  for (const [subject, cases] of Object.entries(subjects))
    for (const name of Object.keys(cases)) console.error(`${subject}: ${name}`)
  process.exit(2)
}

let passed = 0
let failed = 0
const transcripts = mkdtempSync(join(tmpdir(), 'sensor-reporter-kernel-'))
/** What the guests run, as it is now: they do not see what somebody builds or edits meanwhile. */
const copy = join(transcripts, 'copy')
process.on('exit', () => {
  rmSync(failed === 0 ? transcripts : copy, { recursive: true, force: true })
  if (failed > 0) console.log(`What the guests said is in ${transcripts}`)
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130))
for (const part of ['package.json', 'dist', 'test/kernel'])
  cpSync(here(`../../${part}`), join(copy, part), { recursive: true })
symlinkSync(here('../../node_modules'), join(copy, 'node_modules'))
const guestProgram = join(copy, 'test/kernel/guest.js')

/** How long a guest may say nothing of a case, ms: longer than the case may take by itself. */
const patience = 300_000
const judge = (subject, name, fault) => {
  if (fault === undefined) passed += 1
  else failed += 1
  console.log(fault === undefined ? `ok   ${subject}: ${name}` : `FAIL ${subject}: ${name}: ${fault}`)
}

/** Runs the cases of a subject that are left; a guest that hangs loses the case it was at, and the others get a new one. */
async function runSubject({ subject, names, left }) {
  // At once, so that nothing is still to be written when a signal ends this process and the folder goes.
  const note = (line) => appendFileSync(join(transcripts, `${subject}.log`), `${line}\n`)
  let current
  let last = ''
  let deadline
  const done = new Set()
  const end = (number, fault) => {
    done.add(number)
    judge(subject, names[number], fault)
  }
  const guest = boot(cache, [process.execPath, guestProgram, subject, left.join(',')], (line) => {
    note(line)
    last = line || last
    if (values.transcript) console.log(line)
    const message = /@@(\{.*\})/.exec(line)?.[1]
    if (!message) return
    const { begins, ends, fault } = JSON.parse(message)
    deadline.refresh()
    if (begins !== undefined) {
      current = begins
      note(`=== ${names[begins]}`)
    } else end(ends, fault)
  })
  deadline = setTimeout(guest.pullThePlug, patience)
  await guest.off
  clearTimeout(deadline)
  if (left.every((number) => done.has(number))) return
  if (current === undefined) {
    for (const number of left) end(number, `expected the guest to begin, got "${last}" from it`)
    return
  }
  if (!done.has(current)) end(current, `expected the guest to go on, got "${last}" last from it`)
  const others = left.filter((number) => !done.has(number))
  if (others.length > 0) await runSubject({ subject, names, left: others })
}

const began = performance.now()
const work = async () => {
  for (let next = waiting.shift(); next; next = waiting.shift()) await runSubject(next)
}
await Promise.all(Array.from({ length: guests }, work))
console.log(
  `${passed} passed, ${failed} failed, after ${((performance.now() - began) / 60_000).toFixed(1)} minutes`,
)
process.exit(failed === 0 ? 0 : 1)
