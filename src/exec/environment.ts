import { field, names } from '../fields/fields.js'

/** What a program needs to know of its surroundings. Ours hold secrets. */
export const usualVariables: readonly string[] = ['PATH', 'HOME', 'LANG', 'TZ', 'USER', 'SHELL', 'TMPDIR']

/** The name of an environment variable. */
export const environmentName = field('the name of an environment variable, such as LC_ALL', (text) =>
  /^[A-Za-z_]\w*$/.test(text) ? text : undefined,
)

/** Names of environment variables with commas between them: `LC_ALL, HTTP_PROXY`. */
export const environmentNames = field(
  'names of environment variables with commas between them, such as LC_ALL',
  (text) => {
    const list = names.safeParse(text).data
    return list?.every((name) => environmentName.safeParse(name).success) ? list : undefined
  },
)

/** The variables that a program gets: the usual ones and those of its section, but none from which the configuration reads. */
export const handedOn = (own: readonly string[] = [], secret: readonly string[] = []): string[] =>
  [...usualVariables, ...own].filter((name) => !secret.includes(name))
