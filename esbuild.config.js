// The second half of `npm run build`, after tsc has made the library in lib/: the program, as modules that Node loads by itself.
// dist/cli.js imports what it needs of dist/program/; what few configurations use is a file of its own there.
import { appendFileSync, copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'

/** What the program does not need of these packages is as large as the rest of them. */
const instead = {
  // The client without browsers, proxies and the command line: how to connect is ours.
  mqtt: "export { default as MqttClient } from 'mqtt/lib/client'",
  // MQTT.js is told not to log anyway.
  debug: 'module.exports = () => () => undefined',
}

const leaner = {
  name: 'leaner',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(mqtt|debug)$/ }, ({ path }) => ({ path, namespace: 'instead' }))
    onLoad({ filter: /.*/, namespace: 'instead' }, ({ path }) => ({
      contents: instead[path],
      resolveDir: 'src',
    }))
  },
}

const { metafile } = await build({
  entryPoints: ['src/cli.ts'],
  outdir: 'dist',
  chunkNames: 'program/[name]-[hash]',
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'external',
  sourcesContent: false,
  metafile: true,
  logLevel: 'warning',
  // For the packages that are CommonJS.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  // Native, optional, or not CommonJS: they stay what npm has installed.
  external: ['@abandonware/noble', '@swirly/*', 'aedes', 'koffi'],
  alias: {
    // Copies of what Node has itself.
    'readable-stream': 'node:stream',
    string_decoder: 'node:string_decoder',
    'worker-timers': 'node:timers',
    // From CommonJS, which Node would get, nothing can be left out.
    'rxjs/testing': './node_modules/rxjs/dist/esm/testing/index.js',
    rxjs: './node_modules/rxjs/dist/esm/index.js',
  },
  plugins: [leaner],
})

// Node reads the map of every module at the start that names one, and counts the module's lines: of what is only other people's
// that would cost more than of all that is ours.
for (const [file, { inputs }] of Object.entries(metafile.outputs).filter(([file]) => file.endsWith('.js'))) {
  const isOurs = Object.keys(inputs).some((input) => input.startsWith('src/'))
  if (isOurs) appendFileSync(file, `//# sourceMappingURL=${basename(file)}.map\n`)
  else rmSync(`${file}.map`)
}

// The page of the web connection: what a browser loads, in a folder of its own. It is looked for from lib/ as well.
const page = await build({
  entryPoints: ['src/web/page/page.tsx', 'src/web/page/page.css'],
  outdir: 'dist/web',
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['chrome109', 'firefox115', 'safari16'],
  metafile: true,
  logLevel: 'warning',
})
for (const name of ['index.html', 'icon.svg']) copyFileSync(`src/web/page/${name}`, `dist/web/${name}`)

const packages = new Set(
  [metafile, page.metafile]
    .flatMap(({ inputs }) => Object.keys(inputs))
    .flatMap((path) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
)
const licences = [...packages].sort().map((folder) => {
  const files = readdirSync(folder).filter((name) => /^licen[cs]e/i.test(name))
  return [folder, ...files.map((name) => readFileSync(join(folder, name), 'utf8'))].join('\n\n')
})
writeFileSync('dist/program/LICENSES.txt', licences.join('\n\n'))
