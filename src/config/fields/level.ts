import { field } from './field.js'

const levels = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const

/** How much is logged, in any case: `DEBUG`, `INFO`, `WARNING` or `ERROR`. */
export const level = field('DEBUG, INFO, WARNING or ERROR', (text) =>
  levels.find((name) => name === text.toUpperCase()),
)
