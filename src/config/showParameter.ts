import { quoteText } from './quoteText.js'
import type { Parameter } from './section.js'

/** What a parameter says, as it may stand in a message. */
export const showParameter = ({ text, secret }: Pick<Parameter, 'text' | 'secret'>): string =>
  secret ? 'a secret value' : quoteText(text)
