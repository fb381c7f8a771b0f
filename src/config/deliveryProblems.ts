import { resolve } from 'node:path'
import type { OfflinePolicy } from '../model.js'
import type { Component } from './component.js'
import { deliverersOf } from './deliverersOf.js'
import type { Problem } from './problem.js'
import { problemAt } from './problemAt.js'
import { repeated } from './repeated.js'
import type { Section } from './section.js'
import { sectionDelivery } from './sectionDelivery.js'

/** Says of sections that they contradict themselves or each other about how readings are delivered. */
export function deliveryProblems(
  connections: readonly Component<unknown>[],
  others: readonly Component<unknown>[],
): Problem[] {
  const deliverers = connections.filter(({ known }) => known?.includes('Offline'))
  const sections = [...deliverers, ...others].map(({ section }) => section)
  return [
    ...sections.flatMap(contradictions),
    ...others.flatMap(({ section }) => {
      const offline = sectionDelivery(section)?.offline
      const users = deliverersOf(section, deliverers).map((user) => sectionDelivery(user.section)?.offline)
      return unusedSpool(section, offline === undefined ? users : [offline])
    }),
    ...deliverers.flatMap(({ section }) => {
      const users = others.filter((other) =>
        deliverersOf(other.section, deliverers).some((user) => user.section === section),
      )
      return unusedSpool(
        section,
        [section, ...users.map((user) => user.section)].map((each) => sectionDelivery(each)?.offline),
      )
    }),
    ...repeated(deliverers, ({ section }) => fileOf(sectionDelivery(section)?.spool)).flatMap(
      ([again, first]) =>
        problem(
          again.section,
          'Spool',
          `same file as [${first.section.name}] (line ${first.section.parameters.get('spool')?.line ?? 0}): every connection needs its own`,
        ),
    ),
  ]
}

/** One file goes by several paths. */
const fileOf = (path: string | undefined) => path && resolve(path)

function contradictions(section: Section): Problem[] {
  const has = (name: string) => section.parameters.has(name.toLowerCase())
  const legacy = ['SendReadings', 'NumberOfReadings'].filter(has)
  if (has('Offline'))
    return legacy.flatMap((name) =>
      problem(section, name, 'Offline says the same in other words: leave out one of them'),
    )
  return has('NumberOfReadings') && !has('SendReadings')
    ? problem(section, 'NumberOfReadings', 'expected SendReadings = YES beside it: alone it says nothing')
    : []
}

const isSeries = (offline: OfflinePolicy | undefined) => offline === 'all' || typeof offline === 'object'

function unusedSpool(section: Section, policies: readonly (OfflinePolicy | undefined)[]): Problem[] {
  // What is wrong with the policy itself is said where it stands.
  if (policies.some(isSeries) || sectionDelivery(section)?.spool === undefined) return []
  return problem(
    section,
    'Spool',
    'nothing would ever be kept there: expected Offline = last N or Offline = all beside it',
  )
}

function problem({ parameters }: Section, name: string, message: string): Problem[] {
  const parameter = parameters.get(name.toLowerCase())
  return parameter ? [problemAt(parameter, 'error', message)] : []
}
