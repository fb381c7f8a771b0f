// How cases wait and judge: for what is to happen, never for a time, and with what was expected and got when it does not.
import { setTimeout } from 'node:timers/promises'
import { inspect, isDeepStrictEqual } from 'node:util'

/** Waits for so many seconds: only where what is judged is that nothing happens, or how long something takes. */
export const pause = (seconds) => setTimeout(seconds * 1000)

/** How long anything may take, s: an emulated machine is slow, and may share its cores. */
const patience = 90

/** Looks again and again until there is something, and returns it. `got` says what there is instead. */
export async function until(expected, look, { seconds = patience, got = look } = {}) {
  const end = performance.now() + seconds * 1000
  for (;;) {
    const seen = await look()
    if (seen) return seen
    if (performance.now() > end)
      throw new Error(`expected ${expected} within ${seconds} s, got ${said(await got())}`)
    await pause(0.02)
  }
}

/** Fails unless what was got is what was expected: equal to it, or matching it. */
export function expect(what, got, expected) {
  if (fits(got, expected)) return
  throw new Error(`expected ${what} to be ${said(expected)}, got ${said(got)}`)
}

/** Whether it is that value, or a text that matches that pattern. */
export const fits = (got, expected) =>
  expected instanceof RegExp ? expected.test(String(got)) : isDeepStrictEqual(got, expected)

const said = (value) =>
  typeof value === 'string' ? `"${value}"` : inspect(value, { breakLength: Infinity, maxArrayLength: 12 })
