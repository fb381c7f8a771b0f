// The second half of `npm run build`, after tsc has made the library in lib/: the program. dist/cli.js launches
// dist/program/daemon.js; beside it are commandLine.js, which a daemon never uses, and what few of them do. What shares
// objects with the rest cannot be on its own, since every file has its own copy of what it is made of.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const common = { bundle: true, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'warning' }

/** What the program does not need of these packages is as large as the rest of them. */
const instead = {
  // The client without browsers, proxies and the command line: how to connect is ours.
  mqtt: "export { default as MqttClient } from 'mqtt/lib/client'",
  // MQTT.js is told not to log anyway.
  debug: 'module.exports = () => () => undefined',
}

const plugin = {
  name: 'sensor-reporter',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(mqtt|debug)$/ }, ({ path }) => ({ path, namespace: 'instead' }))
    onLoad({ filter: /.*/, namespace: 'instead' }, ({ path }) => ({
      contents: instead[path],
      resolveDir: 'src',
    }))
    onResolve({ filter: /^\.\/(commandLine|webSocketStream)\.js$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    )
  },
}

const { outputFiles, metafile } = await build({
  ...common,
  entryPoints: {
    daemon: 'src/cli.ts',
    commandLine: 'src/commandLine.ts',
    webSocketStream: 'src/mqtt/webSocketStream.ts',
  },
  outdir: 'dist/program',
  write: false,
  metafile: true,
  // What the launcher evaluates is a function. One file each, so that the compiled code of all of it can be kept.
  banner: { js: '(function(require,native,module,meta$){"use strict";' },
  footer: { js: '})' },
  define: {
    // A name that nothing in the sources has, or it would mean that.
    'import.meta.url': 'meta$.url',
    // Only lru-cache asks for it, to see which clock there is; either will do, and Node would have to load this one.
    performance: 'Date',
  },
  // What has to be read and kept in memory is smaller by a third; stack traces say lines of the sources instead of names. Lines are
  // short, because Node shows the one that failed.
  minify: true,
  lineLimit: 160,
  sourcemap: 'external',
  sourcesContent: false,
  // Native, optional, or not CommonJS: they stay what npm has installed.
  external: ['@abandonware/noble', '@swirly/*', 'aedes', 'koffi'],
  alias: {
    // Copies of what Node has itself.
    'readable-stream': 'node:stream',
    string_decoder: 'node:string_decoder',
    'worker-timers': 'node:timers',
    // From CommonJS, which Node would get, nothing can be left out.
    rxjs: './node_modules/rxjs/dist/esm/index.js',
  },
  plugins: [plugin],
})

mkdirSync('dist/program', { recursive: true })
for (const { path, text } of outputFiles)
  // Code that is evaluated cannot import, so the launcher does it; with as many letters the source map stays right.
  writeFileSync(path, path.endsWith('.js') ? text.replaceAll(/\bimport\(/g, 'native(') : text)

const packages = new Set(
  Object.keys(metafile.inputs).flatMap((path) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
)
const licences = [...packages].sort().map((folder) => {
  const files = readdirSync(folder).filter((name) => /^licen[cs]e/i.test(name))
  return [folder, ...files.map((name) => readFileSync(join(folder, name), 'utf8'))].join('\n\n')
})
writeFileSync('dist/program/LICENSES.txt', licences.join('\n\n'))

const hash = createHash('sha256')
  .update(outputFiles.map(({ text }) => text).join())
  .digest('hex')
  .slice(0, 12)
await build({
  ...common,
  entryPoints: ['src/launcher/launch.ts'],
  outfile: 'dist/cli.js',
  banner: { js: '#!/usr/bin/env node' },
  define: { build: JSON.stringify(hash) },
})

// To load a launcher that is an ES module takes Node 5 ms and 1.4 MiB more.
writeFileSync('dist/package.json', '{ "type": "commonjs" }\n')
