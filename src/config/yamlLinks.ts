import * as z from 'zod'
import { boolean, field } from '../fields/fields.js'
import { deliverySchema } from '../plugin/deliveryFields.js'
import { advice } from './checks.js'
import type { LinkRule } from './routes.js'
import type { YamlEntry, YamlMap } from './yaml.js'
import type { FieldReader } from './yamlFields.js'

/** Whether it is about a connection that comes and goes, and not about what goes where. */
export const isLink = ({ key }: YamlEntry): boolean => /^Connection(On|EnabledSchedule)/.test(key)

const reconnectSchema = deliverySchema.pick({ SendReadings: true, NumberOfReadings: true })

const lostFields = {
  ChangeState: boolean.prefault('NO').describe('whether it takes TargetState'),
  TargetState: field('a command', (text) => (text === '' ? undefined : text))
    .optional()
    .describe('the command that it then gets'),
}

const withTarget = <Shape extends typeof lostFields>(schema: z.ZodObject<Shape>) =>
  schema.refine((said) => !(said as LostState).ChangeState || (said as LostState).TargetState !== undefined, {
    path: ['TargetState'],
    message: 'missing, ChangeState needs it: the command that it then gets',
  })

type LostState = z.output<z.ZodObject<typeof lostFields>>

const lostSchema = withTarget(z.object(lostFields))

const foundSchema = withTarget(
  z.object({
    ...lostFields,
    ResumeLastState: boolean.prefault('NO').describe('whether it takes the last state again'),
  }),
)

/** What of its readings a sensor says again once a connection is found. */
export async function readReconnect(map: YamlMap, reader: FieldReader) {
  const { ConnectionOnReconnect: found } = linksIn(map, ['ConnectionOnReconnect'], reader)
  return found && reader.read(found, reconnectSchema)
}

/** What an actuator is told when a connection is lost and found; nothing, where it is told nothing. */
export async function readLinks(
  map: YamlMap,
  reader: FieldReader,
): Promise<Pick<LinkRule, 'lost' | 'found' | 'resume'> | undefined> {
  const known = ['ConnectionOnDisconnect', 'ConnectionOnReconnect'] as const
  const links = linksIn(map, known, reader)
  const onLost = links.ConnectionOnDisconnect && (await reader.read(links.ConnectionOnDisconnect, lostSchema))
  const onFound = links.ConnectionOnReconnect && (await reader.read(links.ConnectionOnReconnect, foundSchema))
  const state = (said: LostState | undefined) => (said?.ChangeState ? said.TargetState : undefined)
  const [lost, found] = [state(onLost), state(onFound)]
  const rule = {
    ...(lost !== undefined && { lost }),
    ...(found !== undefined && { found }),
    ...(onFound?.ResumeLastState && found === undefined && { resume: true as const }),
  }
  return Object.keys(rule).length > 0 ? rule : undefined
}

/** The maps at the keys that are known. */
function linksIn<Key extends string>(
  { entries }: YamlMap,
  known: readonly Key[],
  { fail, below, unknown }: FieldReader,
): Partial<Record<Key, YamlMap>> {
  const found: Partial<Record<Key, YamlMap>> = {}
  for (const entry of entries.filter(isLink)) {
    const { key, line } = entry
    const link = known.find((name) => name === key)
    const map = link && below(entry)
    if (link && map) found[link] = map
    if (key === 'ConnectionEnabledSchedule')
      fail({ line, key }, 'this does nothing, as in the Python program', 'warning')
    else if (!link) fail({ line, key }, `unknown parameter, ${advice(key, known)}`, unknown)
  }
  return found
}
