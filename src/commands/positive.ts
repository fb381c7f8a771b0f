import { InvalidArgumentError } from 'commander'

/** The number that an argument is, if it is above 0. */
export function positive(text: string): number {
  const value = Number(text)
  if (value > 0 && value < Infinity) return value
  throw new InvalidArgumentError('Expected a number greater than 0.')
}
