import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'

/** What of the source files and packages is in a bundle that imports this from the library. */
async function bundled(names: string) {
  const { metafile } = await build({
    stdin: {
      contents: `export { ${names} } from './src/index.js'`,
      resolveDir: fileURLToPath(new URL('../..', import.meta.url)),
      loader: 'ts',
    },
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    external: ['@abandonware/noble', 'koffi', 'aedes'],
  })
  const [output] = Object.values(metafile.outputs)
  const files = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0)
  const packages = files.map(
    ([file]) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? 'sensor-reporter',
  )
  return {
    packages: [...new Set([...packages, ...(output?.imports ?? []).map(({ path }) => path)])].sort(),
    bytes: output?.bytes ?? 0,
  }
}

describe('A bundle holds no more than what it imports', () => {
  it('of decodeGovee: no MQTT, no radio, no validation, not even RxJS', async () => {
    const { packages, bytes } = await bundled('decodeGovee')
    expect(packages).toEqual(['node:crypto', 'sensor-reporter'])
    expect(bytes).toBeLessThan(50_000)
  })

  it('of an operator: RxJS', async () => {
    expect((await bundled('refreshable')).packages).toEqual(['rxjs', 'sensor-reporter'])
  })
})
