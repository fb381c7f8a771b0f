import type { IniSection } from './iniSection.js'
import { isSecretKey } from './isSecretKey.js'
import type { Problem } from './problem.js'
import { problemAt } from './problemAt.js'
import { secretReference } from './secretReference.js'

/** Warns of values that are as the file says, but perhaps not as somebody wants them. */
export const doubtfulValues = (sections: readonly IniSection[], readableByOthers: boolean): Problem[] =>
  sections.flatMap(({ name, options }) =>
    options.flatMap(({ key, line, value }) => {
      const warn = (message: string) => problemAt({ section: name, key, line }, 'warning', message)
      const exposed = readableByOthers && isSecretKey(key) && value !== '' && !secretReference.test(value)
      return [
        ...(value.includes('%%') ? [warn('%% stays %%: if a single % is meant, write a single one')] : []),
        ...(exposed
          ? [warn('everybody on this machine can read it: chmod o-r, or write ${env:NAME} or ${file:PATH}')]
          : []),
      ]
    }),
  )
