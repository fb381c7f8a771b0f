import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { classes } from '../../src/config/classes.js'
import { classReference } from '../../src/config/classReference.js'
import type { Plugin } from '../../src/config/plugin.js'
import { sectionPrefix } from '../../src/config/sectionPrefix.js'
import { dummies } from './dummies.js'

const referenceOf = (kind: keyof typeof sectionPrefix, name: string) => {
  const plugin = dummies[kind][name]
  return plugin ? classReference(kind, plugin) : []
}

describe('classReference', () => {
  it('lists the parameters of a connection with their defaults, and what every connection has', () => {
    expect(referenceOf('connections', 'test.Link').slice(0, 4)).toEqual([
      { parameter: 'Client', required: true, description: 'client id', secret: false },
      { parameter: 'Password', required: false, default: '', description: 'password', secret: true },
      { parameter: 'Host', required: true, description: 'host name of the broker', secret: false },
      {
        parameter: 'Port',
        required: false,
        default: '1883',
        description: 'port of the broker',
        secret: false,
      },
    ])
    const rest = referenceOf('connections', 'test.Link').slice(-2)
    expect(rest.map(({ parameter, required }) => [parameter, required])).toEqual([
      ['Name', true],
      ['Level', false],
    ])
  })

  it('lists numbered parameters as users read about them', () => {
    expect(referenceOf('sensors', 'test.Constant').map(({ parameter }) => parameter)).toEqual([
      'Destination',
      'Value',
      'Loud',
      'AddressX',
      'Connection',
      'Level',
    ])
  })

  it.each(['connections', 'sensors', 'actuators'] as const)(
    'has a description for everything the %s know',
    (kind) => {
      const plugins = Object.values<Plugin<z.ZodRawShape, unknown>>(classes[kind])
      expect(plugins.filter(({ summary }) => !summary.endsWith('.'))).toEqual([])
      const rows = plugins.flatMap((plugin) => classReference(kind, plugin))
      expect(rows.filter(({ description }) => description === '')).toEqual([])
    },
  )
})
