import { field } from './field.js'

/**
 * Two texts with a comma between them, spaces around it allowed: `OFF,ON`.
 *
 * @example
 * fields.twoTexts.parse('OFF, ON')
 * // → ['OFF', 'ON']
 */
export const twoTexts = field('two texts with a comma between them', (text) => {
  const [first, second, ...others] = text.split(',').map((part) => part.trim())
  return first && second && others.length === 0 ? ([first, second] as const) : undefined
})
