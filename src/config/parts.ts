import { isDeepStrictEqual } from 'node:util'

/** What each part was made for, in whatever configuration that was. */
export const partNames = new WeakMap<object, string>()

/** What has been made for a configuration, by name, each with all that it depends on. */
export type Parts = ReadonlyMap<string, Part>

interface Part {
  readonly basis: readonly unknown[]
  readonly product: unknown
}

/**
 * Makes the parts of a configuration. A part that depends on just the same as the one of that name before is that very
 * one, so that it runs on undisturbed over a reload.
 *
 * @example const { part, parts } = recall(previous); part('Sensor0', [texts], () => sensor(options))
 */
export function recall(previous: Parts = new Map()) {
  const parts = new Map<string, Part>()
  const part = <Product>(
    name: string,
    basis: readonly unknown[],
    make: () => Product,
    mayStay: (product: Product) => boolean = () => true,
  ): Product => {
    const old = previous.get(name)
    const stays = old && isDeepStrictEqual(old.basis, basis) && mayStay(old.product as Product)
    const current = stays ? old : { basis, product: make() }
    parts.set(name, current)
    partNames.set(current.product as object, name)
    return current.product as Product
  }
  return { part, parts: parts as Parts }
}
