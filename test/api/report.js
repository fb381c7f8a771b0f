import { fileURLToPath } from 'node:url'
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor'

const path = (relative) => fileURLToPath(new URL(`../../${relative}`, import.meta.url))
const quiet = { default: { logLevel: 'none' } }

/**
 * Writes down what users can import, from the declarations in lib/, so that every change of it can be seen in a review:
 * test/api/index.api.md and test/api/testing.api.md. When it shall only `check` them, says which are stale.
 */
export function report({ check }) {
  const stale = []
  for (const [name, entry] of [
    ['index', 'lib/index.d.ts'],
    ['testing', 'lib/testing/index.d.ts'],
  ]) {
    const config = ExtractorConfig.prepare({
      configObject: {
        projectFolder: path(''),
        mainEntryPointFilePath: path(entry),
        compiler: { tsconfigFilePath: path('src/tsconfig.json') },
        newlineKind: 'lf',
        apiReport: {
          enabled: true,
          reportFileName: `${name}.api.md`,
          reportFolder: path('test/api'),
          reportTempFolder: path('node_modules/.cache/api'),
        },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        messages: {
          compilerMessageReporting: quiet,
          extractorMessageReporting: quiet,
          tsdocMessageReporting: quiet,
        },
      },
      configObjectFullPath: undefined,
      packageJsonFullPath: path('package.json'),
    })
    const { apiReportChanged } = Extractor.invoke(config, {
      localBuild: !check,
      messageCallback: (message) => (message.handled = true),
    })
    if (apiReportChanged) stale.push(`test/api/${name}.api.md`)
  }
  return stale
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  console.log(report({ check: false }).join('\n') || 'The API reports are up to date.')
