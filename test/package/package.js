import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

// What users get: the packed tarball, looked at by the linters of packages, installed globally into an empty prefix, and as
// a dependency of a TypeScript project; run by this Node and by newer ones, and refused by one that is too old. It fails
// where any of that does, and says how large it is.

const root = fileURLToPath(new URL('../../', import.meta.url))
const work = mkdtempSync(join(tmpdir(), 'sensor-reporter-package-'))
process.on('exit', () => rmSync(work, { recursive: true, force: true }))

const execute = promisify(execFile)
/** Runs a program and resolves to what it prints; when it fails, that is shown and the test fails. */
async function run(program, args, cwd = work) {
  const running = execute(program, args, { cwd, encoding: 'utf8' })
  running.child.stdin.end()
  try {
    return (await running).stdout
  } catch (error) {
    console.error(`${program} ${args.join(' ')} has failed:\n${error.stdout}\n${error.stderr}`)
    process.exit(1)
  }
}
/** Fails with what was expected and got. */
function expect(what, expected, got) {
  if (expected.test(got)) return
  console.error(`expected ${what} to match ${expected}, got:\n${got}`)
  process.exit(1)
}
const tool = (name) => join(root, 'node_modules/.bin', name)
const sizeOf = (path) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`
const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--silent']

// While the rest goes on: 90 MB each.
const nodes = join(work, 'nodes')
const aliases = [18, 22, 24].map((version) => `node-${version}@npm:node@${version}`)
const downloaded = run('npm', ['install', '--prefix', nodes, ...quiet, ...aliases])
const nodeOf = (version) => join(nodes, `node_modules/node-${version}/bin/node`)

const [packed] = JSON.parse(
  await run('npm', ['pack', '--json', '--silent', '--ignore-scripts', '--pack-destination', work], root),
)
const tarball = join(work, packed.filename)
console.log(
  `tarball: ${megabytes(packed.size)}, ${packed.entryCount} files, unpacked ${megabytes(packed.unpackedSize)}`,
)

await Promise.all([
  run(tool('publint'), ['run', tarball, '--strict']),
  run(tool('attw'), [tarball, '--profile', 'esm-only']),
])
console.log('publint and attw: clean')

const prefix = join(work, 'prefix')
await run('npm', ['install', '--global', '--prefix', prefix, ...quiet, tarball])
const modules = join(prefix, 'lib/node_modules')
const installed = (await run('npm', ['ls', '--all', '--parseable', '--global', '--prefix', prefix]))
  .trim()
  .split('\n')
console.log(`installed: ${megabytes(sizeOf(modules))}, ${installed.length - 2} packages besides itself`)
await run(join(prefix, 'bin/sensor-reporter'), ['--help'])

const sent = join(modules, 'sensor-reporter')
const texts = readdirSync(sent, { recursive: true })
  .filter((file) => /^(?!.*node_modules).*\.(md|d\.ts)$/.test(file))
  .map((file) => join(sent, file))
const links = texts.flatMap((file) => {
  const text = readFileSync(file, 'utf8')
  const found = text.matchAll(/(?:\]\(|src(?:set)?=")([^)":\s#]+)(?:#[^)"]*)?[)"]/g)
  return [...found].map(([, link]) => join(dirname(file), link))
})
expect('how many links and pictures there are', /^\d{3}$/, `${links.length}`)
expect('the links that lead nowhere', /^$/, links.filter((link) => !existsSync(link)).join('\n'))
console.log(`links and pictures in the documents and the types: ${links.length}, each leads somewhere`)

// As src/README.md and marbles/README.md say, from an empty folder on.
const own = join(work, 'own')
mkdirSync(own)
await run('npm', ['init', '-y'], own)
await run('npm', ['pkg', 'set', 'type=module'], own)
await run('npm', ['install', ...quiet, 'rxjs', tarball, 'tsx'], own)
await run('npx', ['sensor-reporter', 'new', 'sensor', 'rain'], own)
expect('the test of what was made', /^# pass 1$/m, await run('node', ['--test', '--test-reporter=tap'], own))
expect(
  'its check',
  /^rain\.ini can be used \(warnings: 0\)$/m,
  await run('npx', ['sensor-reporter', 'check', 'rain.ini'], own),
)
const broker = `import { embeddedBroker } from 'sensor-reporter'
embeddedBroker({ port: 0 }).subscribe(({ port }) => console.log(port))`
const listening = spawn(process.execPath, ['--input-type=module', '-e', broker], { cwd: own })
const [port] = await once(listening.stdout, 'data')
const onceProgram = readFileSync(join(root, 'test/examples/once.ts'), 'utf8')
for (const [file, ...runner] of [
  ['once.ts', 'npx', 'tsx'],
  ['once.js', 'node'],
]) {
  writeFileSync(
    join(own, file),
    onceProgram
      .replace(file.endsWith('.js') ? ': unknown' : '', '')
      .replace("host: 'localhost'", `host: 'localhost', port: ${Number(port)}`),
  )
  await run(runner[0], [...runner.slice(1), file], own)
  console.log(`${file} of src/README.md, run by ${runner.join(' ')}: ends when the broker has its reading`)
}
listening.kill()

const project = join(work, 'project')
cpSync(join(root, 'test/package/project'), project, { recursive: true })
await run('npm', ['install', ...quiet, tarball], project)

async function compile(module, moduleResolution) {
  const compilerOptions = {
    module,
    moduleResolution,
    target: 'es2023',
    strict: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    outDir: module,
  }
  const config = `tsconfig.${module}.json`
  writeFileSync(join(project, config), JSON.stringify({ compilerOptions, files: ['main.ts'] }))
  await run(tool('tsc'), ['-p', config], project)
  const printed = await run('node', [`${module}/main.js`], project)
  expect('what the project prints', /^attic\/temp_c -7\.3\n$/, printed)
  console.log(`a TypeScript project with moduleResolution ${moduleResolution}: compiles and runs`)
}
await Promise.all([compile('nodenext', 'nodenext'), compile('esnext', 'bundler')])

const program = join(modules, 'sensor-reporter/dist/cli.js')
const example = join(modules, 'sensor-reporter/config/examples/heartbeat.ini')
const tutorial = join(project, 'rain')
cpSync(join(root, 'test/examples/rain'), tutorial, { recursive: true })
await downloaded
for (const node of [process.execPath, nodeOf(22), nodeOf(24)]) {
  await run(node, [program, 'check', example])
  await run(node, [program, 'demo', '--for', '3'])
  expect("the tutorial's test", /^# pass 1$/m, await run(node, ['--test', '--test-reporter=tap'], tutorial))
  console.log(`Node ${(await run(node, ['--version'])).trim()}: check, demo and the tutorial's test work`)
}

const { status, stdout, stderr } = spawnSync(nodeOf(18), [program, 'check', example], { encoding: 'utf8' })
expect('what too old a Node says', /^Node 20 or newer is needed, this is 18\.[\d.]+: .*\n$/, stderr)
expect('its exit code and its output', /^3 $/, `${status} ${stdout}`)
console.log(stderr.trim())
