import { describe, expect, it } from 'vitest'
import { quantityOf } from '../../src/ble/quantities.js'
import { publicApi } from './publicApi.js'

const names = Object.values(publicApi).flat()
const functions = names.filter(({ isFunction }) => isFunction)
/** What is measured is documented by its row in the table of quantities: its unit, or what its states are called. */
const members = names.flatMap((type) =>
  type.members.map(({ name, text }) => ({
    name: `${type.name}.${name}`,
    text: quantityOf(name) ? 'as its row says' : text,
  })),
)
const undocumented = (documented: readonly { readonly name: string; readonly text: string }[]) =>
  documented.filter(({ text }) => text.trim() === '').map(({ name }) => name)

/** What comes out of these is a matter of hardware, of the disk, or of a browser. */
const ofTheMachine = [
  ...[
    'advertisements',
    'bluetoothRadio',
    'aht20Sensor',
    'arpSensor',
    'dhtSensor',
    'ds18x20Sensor',
    'kernelGpio',
  ],
  ...['openLogging', 'openSpool', 'webConnection'],
]

/** Those with an example that runs, and nobody looks at what comes out. */
const unjudged = (documented: readonly { readonly name: string; readonly examples: readonly string[] }[]) =>
  documented
    .filter(
      ({ examples }) =>
        !examples.every((code) => /^\/\/ → |expectObservable\(|^diagram\(|run\(\)$/m.test(code)),
    )
    .map(({ name }) => name)

describe('The doc comments', () => {
  it('say of every public name what it is', () => {
    expect(names.length).toBeGreaterThan(100)
    expect(undocumented(names)).toEqual([])
  })

  it('say of every member of a public type what it is', () => {
    expect(members.length).toBeGreaterThan(200)
    expect(undocumented(members)).toEqual([])
  })

  it('have no example that merely runs: what comes out of it is looked at', () => {
    expect(unjudged(functions).sort()).toEqual(ofTheMachine.sort())
    const planted = { name: 'planted', examples: ['of(1)\n// → 1', "report({ sensors: [of('a')] })"] }
    expect(unjudged([planted])).toEqual(['planted'])
  })

  it('show every function in an example', () => {
    expect(functions.filter(({ examples }) => examples.length === 0).map(({ name }) => name)).toEqual([])
  })
})
