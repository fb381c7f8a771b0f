import { defineConfig } from 'eslint/config'
import { createNodeResolver, importX } from 'eslint-plugin-import-x'
import rxjs from 'eslint-plugin-rxjs-x'
import tseslint from 'typescript-eslint'

/** The host's clock has two doors (DESIGN: virtual time): elsewhere under src/ it is an error. */
const hostClock = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Use asyncScheduler.now(): it is virtual in tests.',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Use asyncScheduler.now(): it is virtual in tests.',
  },
  {
    selector: 'CallExpression[callee.name=/^(setTimeout|setInterval)$/]',
    message: 'Use timer() or interval(): they are virtual in tests.',
  },
]

/** Of an object the program's bundle cannot leave out what is not used. */
const wholeZod = {
  selector: "ImportDeclaration[importKind!='type'][source.value='zod'] > ImportSpecifier[imported.name='z']",
  message: "Use import * as z from 'zod'.",
}

/** The floors of src/, the lowest first: a file imports from its own floor and those below it (src/README.md). */
const floors = [
  ['description.ts', 'model.ts', 'memory.ts', 'kernelFiles.ts', 'threads.ts', 'smallFile.ts'],
  ['fields'],
  ['delivery'],
  ['operators'],
  ['report.ts', 'daemon.ts', 'wellFormed.ts', 'logging'],
  ['spool', 'radio'],
  ['plugin'],
  ['captures', 'sysfs'],
  [
    'ble',
    'mqtt',
    'openhab',
    'local',
    'exec',
    'gpio',
    'heartbeat',
    'i2c',
    'network',
    'one_wire',
    'doctor',
    'web',
  ],
  ['config', 'marbles', 'testing'],
  ['commands', 'index.ts'],
  ['cli.ts'],
]

const inSrc = (names) => names.map((name) => `./src/${name}`)

/** What a format needs is below it, and what reads formats above. */
const ownFloors = [
  {
    target: './src/ble/formats',
    from: './src/ble',
    except: ['./formats', './measurement.ts', './quantities.ts'],
  },
  { target: './src/gpio/kernel', from: './src/gpio', except: ['./kernel'] },
]

export default defineConfig(
  { ignores: ['dist/', 'lib/', 'docs/', 'coverage/'] },
  tseslint.configs.strictTypeChecked,
  rxjs.configs.strict,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['*.js'] } } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ['src/**'],
    plugins: { 'import-x': importX },
    settings: {
      ...importX.flatConfigs.typescript.settings,
      'import-x/resolver-next': [createNodeResolver({ extensionAlias: { '.js': ['.ts'] } })],
    },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': [
        'error',
        {
          zones: [
            ...ownFloors,
            ...floors.slice(0, -1).map((names, floor) => ({
              target: inSrc(names),
              from: inSrc(floors.slice(floor + 1).flat()),
              message:
                'This is on a floor above: imports point down (the floors are listed in eslint.config.js).',
            })),
          ],
        },
      ],
    },
  },
  {
    files: ['src/**'],
    // A browser's page lives by the clock of the browser.
    ignores: ['src/web/page/**'],
    rules: { 'no-restricted-syntax': ['error', ...hostClock, wholeZod] },
  },
  {
    files: ['**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: Object.fromEntries(Object.keys(rxjs.rules ?? {}).map((rule) => [`rxjs-x/${rule}`, 'off'])),
  },
)
