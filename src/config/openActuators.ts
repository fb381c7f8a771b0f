import type { Component } from './component.js'
import type { Problem } from './problem.js'
import { problemAt } from './problemAt.js'

/** Warns of actuators that do not say who may command them. */
export const openActuators = (actuators: readonly Component<unknown>[]): Problem[] =>
  actuators
    .filter(({ section, sources }) => sources && !section.parameters.has('connection'))
    .map(({ section }) =>
      problemAt(
        { line: section.line, section: section.name },
        'warning',
        'no Connection: it obeys every connection; name those that may command it (Connection = …)',
      ),
    )
