import { describe, expect, it } from 'vitest'
import { pairProblems } from '../../src/ble/chosenDevices.js'

describe('pairProblems', () => {
  const attic = 'a4:c1:38:11:22:33'

  const cellar = 'a4:c1:38:44:55:66'

  it('finds nothing wrong with devices that each have a destination', () => {
    expect(pairProblems({ 1: attic, 2: cellar }, { 1: 'attic', 2: 'cellar' })).toEqual([])
  })

  it.each([
    ['an address without a destination', { 2: attic }, {}, 'AddressX', '2', 'Destination2 is missing'],
    ['a destination without an address', {}, { 2: 'attic' }, 'DestinationX', '2', 'Address2 is missing'],
    [
      'the same address twice',
      { 1: attic, 2: attic.toUpperCase() },
      { 1: 'a', 2: 'b' },
      'AddressX',
      '2',
      'Address1',
    ],
    [
      'the same destination twice',
      { 1: attic, 2: cellar },
      { 1: 'a', 2: 'a' },
      'DestinationX',
      '2',
      'Destination1',
    ],
  ])('finds %s', (_, addresses, destinations, key, number, message) => {
    const problem = { path: [key, number], message: expect.stringContaining(message) as string }
    expect(pairProblems(addresses, destinations)).toEqual([problem])
  })

  it('takes no offence at values that could not be read: others tell', () => {
    expect(pairProblems({ 1: {}, 2: {} }, { 1: {}, 2: 'attic' })).toEqual([])
  })
})
