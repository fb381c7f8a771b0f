import { families, type Family } from '../../ble/formats/govee/families.js'
import { nearest, quoteText } from '../../fields/problems.js'
import type { Encoder } from './encoder.js'
import { eventEncoders } from './events.js'
import { probeEncoders } from './probes.js'
import { roomEncoders } from './rooms.js'

/** A model of a family, and by what it is told: what its name begins with, or a service UUID. */
export interface GoveeModel {
  readonly model: string
  readonly family: Family
  readonly name?: string
  readonly service?: string
}

/** Every model that can be read, in the order of the families; some models are in two of them. */
export const goveeModels: readonly GoveeModel[] = families.flatMap((family): GoveeModel[] => {
  if ('services' in family)
    return Object.entries(family.services).map(([service, model]) => ({ model, family, service }))
  // Which model it is stands in the cipher.
  const names =
    family.key === 'encrypted24'
      ? Object.keys(eventEncoders).map((model): [string, string] => [model.replace('H', 'GV'), model])
      : Object.entries(family.names)
  return names.map(([name, model]) => ({ model, family, name }))
})

/** The model of that name, of the family with that key where one is given. Throws an Error that names the nearest one. */
export function findModel(model: string, family?: string): GoveeModel {
  const found = goveeModels.filter((each) => each.model === model)
  const match = found.find((each) => family === undefined || each.family.key === family)
  if (match) return match
  if (found.length > 0)
    throw new Error(
      `expected the ${model} to be of the family ${found.map((each) => each.family.key).join(' or ')}, got ${quoteText(family ?? '')}`,
    )
  const known = [...new Set(goveeModels.map((each) => each.model))].sort()
  const meant = nearest(model, known)
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`
  throw new Error(
    `expected a Govee model that can be read, got ${quoteText(model)}.${hint} There are ${known.join(', ')}.`,
  )
}

/** How a model says something. */
export function encoderOf({ model, family: { key } }: GoveeModel): Encoder {
  const encoder = key === 'encrypted24' ? eventEncoders[model] : (roomEncoders[key] ?? probeEncoders[key])
  if (!encoder) throw new Error(`nobody has written down how the ${model} of the family ${key} speaks`)
  return encoder
}
