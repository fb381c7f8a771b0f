import { destination } from './destination.js'
import { field } from './field.js'
import { names } from './names.js'

/**
 * A list of topics with commas between them: `red_light, blue_light`.
 *
 * @example
 * fields.destinations.parse('red_light, blue_light')
 * // → ['red_light', 'blue_light']
 */
export const destinations = field('topics below RootTopic with commas between them', (text) => {
  const topics = names.safeParse(text).data
  return topics?.every((topic) => destination.safeParse(topic).success) ? topics : undefined
})
