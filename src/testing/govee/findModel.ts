import { nearest } from '../../config/nearest.js'
import { quoteText } from '../../config/quoteText.js'
import { type GoveeModel, goveeModels } from './goveeModels.js'

/** The model of that name, of the family with that key where one is given. Throws an Error that names the nearest one. */
export function findModel(model: string, family?: string): GoveeModel {
  const found = goveeModels.filter((each) => each.model === model)
  const match = found.find((each) => family === undefined || each.family.key === family)
  if (match) return match
  const known = [...new Set(goveeModels.map((each) => each.model))].sort()
  if (found.length > 0)
    throw new Error(
      `expected the ${model} to be of the family ${found.map((each) => each.family.key).join(' or ')}, got ${quoteText(family ?? '')}`,
    )
  const meant = nearest(model, known)
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`
  throw new Error(
    `expected a Govee model that can be read, got ${quoteText(model)}.${hint} There are ${known.join(', ')}.`,
  )
}
