import type { Delivery, Reading } from '../model.js'
import type { PublishOptions } from './publishOptions.js'

const plain: PublishOptions = { qos: 0, retain: false }

/** How a reading is published, `preset` being what the connection says. What the program itself has retained is acknowledged. */
export function howToPublish({ retain, echo, delivery }: Reading, preset: Delivery): PublishOptions {
  const qos = delivery?.qos ?? preset.qos ?? 0
  const retained = retain ?? delivery?.retain ?? preset.retain ?? false
  if (qos === 0 && !retained && !echo) return plain
  return { qos: retain && qos === 0 ? 1 : qos, retain: retained, ...(echo && { echo }) }
}
