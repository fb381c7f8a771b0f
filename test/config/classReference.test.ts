import { describe, expect, it } from 'vitest'
import { classReference } from '../../src/config/classReference.js'
import { classes } from '../../src/config/classes.js'
import type { Made, PluginOf } from '../../src/plugin/plugin.js'
import { sectionPrefix } from '../../src/config/sections.js'
import { dummies } from './dummies.js'

const referenceOf = async (kind: keyof typeof sectionPrefix, name: string) => {
  const plugin = await dummies[kind][name]?.()
  return plugin ? classReference(kind, plugin) : []
}

describe('classReference', () => {
  it('lists the parameters of a connection with their defaults, and what every connection has', async () => {
    expect((await referenceOf('connections', 'test.Link')).slice(0, 4)).toEqual([
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
    const rest = (await referenceOf('connections', 'test.Link')).slice(-2)
    expect(rest.map(({ parameter, required }) => [parameter, required])).toEqual([
      ['Name', true],
      ['Level', false],
    ])
  })

  it('lists numbered parameters as users read about them', async () => {
    expect((await referenceOf('sensors', 'test.Constant')).map(({ parameter }) => parameter)).toEqual([
      'Destination',
      'Value',
      'Loud',
      'AddressX',
      'Connection',
      'HomeAssistant',
      'Name',
      'Area',
      'QoS',
      'Retain',
      'Offline',
      'Spool',
      'SendReadings',
      'NumberOfReadings',
      'Level',
    ])
  })

  it.each(['connections', 'sensors', 'actuators'] as const)(
    'has a description for everything the %s know',
    async (kind) => {
      const loaders = Object.values<() => Promise<PluginOf<keyof Made>>>(classes[kind])
      const plugins = await Promise.all(loaders.map((load) => load()))
      expect(plugins.filter(({ summary }) => !summary.endsWith('.'))).toEqual([])
      const rows = plugins.flatMap((plugin) => classReference(kind, plugin))
      expect(rows.filter(({ description }) => description === '')).toEqual([])
    },
  )
})
