import { defer, EMPTY } from 'rxjs'
import { classFault } from './classFault.js'
import type { ClassTable, Made } from './classTable.js'
import { commonOptions } from './commonOptions.js'
import type { Component } from './component.js'
import { problemAt } from './problemAt.js'
import type { Section } from './section.js'
import { validate } from './validate.js'

/** Finds out what a section stands for and has its parameters checked; makes nothing yet. */
export function readComponent<Kind extends keyof Made>(
  kind: Kind,
  section: Section,
  classes: ClassTable,
): Component<Made[Kind]> {
  const common = validate(section, commonOptions[kind])
  const stated = section.parameters.get('class')
  const plugin = stated && Object.hasOwn(classes[kind], stated.text) ? classes[kind][stated.text] : undefined
  if (!plugin) {
    // That it is missing, empty or cannot be had is among the common problems already.
    const isText = stated?.text && stated.faults.length === 0
    const fault = isText ? [problemAt(stated, 'error', classFault(kind, stated, classes))] : []
    return { section, problems: [...common.problems, ...fault] }
  }
  const { options, problems } = validate(section, plugin.options)
  return {
    section,
    problems: [...common.problems, ...problems],
    known: [commonOptions[kind], plugin.options].flatMap(({ shape }) => Object.keys(shape)),
    level: common.options?.Level,
    local: plugin.local,
    ...(options && {
      identity: plugin.identity?.(options),
      sources: plugin.sources?.(options),
      broker: plugin.broker && ((log) => plugin.broker?.(options, log) ?? EMPTY),
      examine$: plugin.examine && defer(() => plugin.examine?.(options) ?? EMPTY),
      create: (context) => plugin.create(options, context),
    }),
  }
}
