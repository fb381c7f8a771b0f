import { families } from '../../govee/families.js'
import type { Family } from '../../govee/family.js'
import { eventEncoders } from './eventEncoders.js'

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
