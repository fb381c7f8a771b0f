import { defer, EMPTY } from 'rxjs'
import type { ClassTable, Made, PluginOf } from './classTable.js'
import { commonOptions } from './commonOptions.js'
import type { Component } from './component.js'
import { createLate } from './createLate.js'
import { findPlugin } from './findPlugin.js'
import { problemAt } from './problemAt.js'
import type { Section } from './section.js'
import { thrownText } from './thrownText.js'
import { validate } from './validate.js'

/**
 * Finds out what a section stands for, loads it and has the parameters checked; makes nothing yet. Never rejects:
 * whatever is wrong with the class is a problem of its section.
 */
export async function readComponent<Kind extends keyof Made>(
  kind: Kind,
  section: Section,
  classes: ClassTable,
  folder: string,
): Promise<Component<Made[Kind]>> {
  const common = validate(section, commonOptions[kind])
  const stated = section.parameters.get('class')
  // That it is missing, empty or cannot be had is among the common problems already.
  if (!stated?.text || stated.faults.length > 0) return { section, problems: common.problems }
  const faulty = (message: string) => ({
    section,
    problems: [...common.problems, problemAt(stated, 'error', message)],
  })
  try {
    const plugin = await findPlugin(kind, stated, classes, folder)
    try {
      const read = readParameters(kind, section, plugin)
      return { ...read, problems: [...common.problems, ...read.problems], level: common.options?.Level }
    } catch (error) {
      return faulty(`the class failed while it read its parameters: ${thrownText(error)}`)
    }
  } catch (error) {
    return faulty((error as Error).message)
  }
}

function readParameters<Kind extends keyof Made>(
  kind: Kind,
  section: Section,
  plugin: PluginOf<Kind>,
): Component<Made[Kind]> {
  const { options, problems } = validate(section, plugin.options)
  return {
    section,
    problems,
    plugin,
    known: [commonOptions[kind], plugin.options].flatMap(({ shape }) => Object.keys(shape)),
    local: plugin.local,
    ...(options && {
      identity: plugin.identity?.(options),
      sources: plugin.sources?.(options),
      files: plugin.files?.(options),
      broker: plugin.broker && ((log) => plugin.broker?.(options, log) ?? EMPTY),
      examine$: plugin.examine && defer(() => plugin.examine?.(options) ?? EMPTY),
      create: (context) => createLate[kind](() => plugin.create(options, context)),
    }),
  }
}
