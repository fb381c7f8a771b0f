import { remember } from '../bounded.js'
import type { Reading } from '../model.js'

/**
 * Tells repetitions from what is new: a reading is repeated when it is the very object that was the newest of its destination.
 * Beyond `limit` destinations the one not heard for longest is forgotten.
 */
export function repetitions(limit: number): (reading: Reading) => boolean {
  const newest = new Map<string, Reading>()
  return (reading) => {
    if (newest.get(reading.destination) === reading) return true
    remember(newest, reading.destination, reading, limit)
    return false
  }
}
