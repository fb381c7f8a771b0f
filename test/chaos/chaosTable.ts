import { textTable } from '../../src/commands/terminal.js'
import type { Result } from './campaign.js'
import { growth } from './growth.js'

const columns: Readonly<Record<string, (result: Result) => number>> = {
  times: ({ times }) => times,
  offered: ({ offered }) => offered,
  lost: ({ lost }) => lost,
  // Said less than two seconds before a process was killed: not on the disk yet, nor promised.
  unsaved: ({ unsaved }) => unsaved,
  // As QoS 1 permits: nobody could know that it had been acknowledged.
  duplicated: ({ duplicated }) => duplicated,
  // As the contract has it: the latest of each topic, once for every new link.
  repeated: ({ repeated }) => repeated,
  unwarranted: ({ unwarranted }) => unwarranted,
  'out of order': ({ outOfOrder }) => outOfOrder,
  'recovered in ms': ({ recovery }) => recovery,
  'peak MiB': ({ memories }) => Math.max(...memories) / 2 ** 20,
  'growth KiB': (result) => growth(result) / 1024,
}

/** What has become of readings, a line for each fault. */
export const chaosTable = (results: ReadonlyMap<string, Result>): string =>
  textTable(
    [
      ['fault', ...Object.keys(columns)],
      ...[...results].map(([name, result]) => [
        name,
        ...Object.values(columns).map((figure) => figure(result).toFixed()),
      ]),
    ],
    Object.keys(columns),
  )
