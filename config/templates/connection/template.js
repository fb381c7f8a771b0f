// @ts-check
import { appendFileSync } from 'node:fs'
import { filter, ignoreElements, tap } from 'rxjs'
import { connectionPlugin, fields, isWithdrawal } from 'sensor-reporter'

/**
 * Takes each reading that is addressed to it to where readings are to go: put yours in place of `write`.
 *
 * @param {string} name what the `Connection` of a section calls it
 * @param {(line: string) => void} write the tests put something else in its place
 * @returns {import('sensor-reporter').Connection}
 */
export const templateConnection = (name, write) => (readings$) =>
  readings$.pipe(
    filter((reading) => (reading.to?.includes(name) ?? true) && !isWithdrawal(reading)),
    tap(({ destination, value }) => write(`${destination} ${value}`)),
    // Here commands would come in. This one hears none, and completes when the readings do.
    ignoreElements(),
  )

/** `[ConnectionN] Class = ./template.js#Template`: what the ini file may say, and what is made of it. */
export const Template = connectionPlugin({
  summary: 'Writes each reading to a file, as a line.',
  options: fields.object({
    Name: fields.text.describe('what the Connection of a section calls it'),
    File: fields.path.describe('where the lines are added'),
  }),
  create: ({ Name, File }) => templateConnection(Name, (line) => appendFileSync(File, `${line}\n`)),
})
