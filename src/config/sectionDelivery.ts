import type { Delivery } from '../model.js'
import { deliveryOf } from '../mqtt/deliveryOf.js'
import { deliverySchema } from '../mqtt/deliverySchema.js'
import type { Section } from './section.js'
import { validate } from './validate.js'

/** How the readings of a section are to be delivered, if it says so and can be understood. */
export const sectionDelivery = (section: Section): Delivery | undefined =>
  deliveryOf(validate(section, deliverySchema).options ?? {})
