import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

// What users get: the packed tarball, looked at by the linters of packages, installed globally into an empty prefix, and as
// a dependency of a TypeScript project. It fails where any of that does, and says how large it is.

const root = fileURLToPath(new URL('../../', import.meta.url))
const work = mkdtempSync(join(tmpdir(), 'sensor-reporter-package-'))
process.on('exit', () => rmSync(work, { recursive: true, force: true }))

/** Runs a program and returns what it prints; when it fails, that is shown and the test fails. */
function run(program, args, cwd = work) {
  try {
    return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    console.error(`${program} ${args.join(' ')} has failed:\n${error.stdout}\n${error.stderr}`)
    process.exit(1)
  }
}
const tool = (name) => join(root, 'node_modules/.bin', name)
const sizeOf = (path) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`

const [packed] = JSON.parse(
  run('npm', ['pack', '--json', '--silent', '--ignore-scripts', '--pack-destination', work], root),
)
const tarball = join(work, packed.filename)
console.log(
  `tarball: ${megabytes(packed.size)}, ${packed.entryCount} files, unpacked ${megabytes(packed.unpackedSize)}`,
)

run(tool('publint'), ['run', tarball, '--strict'])
run(tool('attw'), [tarball, '--profile', 'esm-only'])
console.log('publint and attw: clean')

const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--silent']
const prefix = join(work, 'prefix')
run('npm', ['install', '--global', '--prefix', prefix, ...quiet, tarball])
const modules = join(prefix, 'lib/node_modules')
const installed = run('npm', ['ls', '--all', '--parseable', '--global', '--prefix', prefix])
  .trim()
  .split('\n')
console.log(`installed: ${megabytes(sizeOf(modules))}, ${installed.length - 2} packages besides itself`)

const program = join(prefix, 'bin/sensor-reporter')
const examples = join(modules, 'sensor-reporter/config/examples')
for (const args of [['--help'], ['check', join(examples, 'heartbeat.ini')], ['demo', '--for', '3']]) {
  run(program, args)
  console.log(`sensor-reporter ${args[0]}: works`)
}

const project = join(work, 'project')
cpSync(join(root, 'test/package/project'), project, { recursive: true })
run('npm', ['install', ...quiet, tarball], project)
for (const [module, moduleResolution] of [
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
]) {
  const compilerOptions = {
    module,
    moduleResolution,
    target: 'es2023',
    strict: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    outDir: module,
  }
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['main.ts'] }))
  run(tool('tsc'), ['-p', '.'], project)
  const said = run('node', [`${module}/main.js`], project).trim()
  if (said !== 'attic/temp_c -7.3')
    throw new Error(`expected the project to say attic/temp_c -7.3, got ${said}`)
  console.log(`a TypeScript project with moduleResolution ${moduleResolution}: compiles and runs`)
}
