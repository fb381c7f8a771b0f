import { defineConfig } from 'eslint/config'
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
  { files: ['src/**'], rules: { 'no-restricted-syntax': ['error', ...hostClock, wholeZod] } },
  {
    files: ['**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: Object.fromEntries(Object.keys(rxjs.rules ?? {}).map((rule) => [`rxjs-x/${rule}`, 'off'])),
  },
)
