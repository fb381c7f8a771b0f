import { NEVER, concat, of, throwError } from 'rxjs'
import { expect, it } from 'vitest'
import type { Link } from '../../src/mqtt/link.js'
import { LinkError } from '../../src/mqtt/linkError.js'
import { narrate } from '../../src/mqtt/narrate.js'
import { recordedLog } from '../support/recordedLog.js'

const link: Link = { state$: NEVER, refresh$: NEVER, commands$: NEVER, publish: () => undefined }
const unreachable = new LinkError(Object.assign(new Error(), { code: 'ECONNREFUSED' }), undefined)
const unknown = new LinkError(Object.assign(new Error(), { code: 'ENOTFOUND' }), undefined)
const refused = new LinkError(Object.assign(new Error('Connection refused'), { code: 4 }), undefined)
const closedAfter = (lasted: number) => new LinkError(undefined, lasted)

/** What is logged when links end in these ways, `link` being one that came before it ended. */
function story(...events: (Link | LinkError)[]): string[] {
  const { log, lines } = recordedLog()
  const options = { name: '', client: 'test', host: 'h', port: 1, keepalive: 0, rootTopic: '' }
  const narrated = narrate(log)(options)
  for (const event of events) {
    const link$ = event instanceof LinkError ? throwError(() => event) : concat(of(event), NEVER)
    link$.pipe(narrated).subscribe({ error: () => undefined })
  }
  return lines.map((line) => line.replace(/ h:1.*/, ''))
}

it('says each reason once until the link is there, however they take turns', () => {
  expect(story(unreachable, unreachable, unknown, unreachable, link, unreachable, unreachable)).toEqual([
    'warn: cannot reach broker',
    'warn: cannot find broker',
    'info: connected to broker',
    'warn: cannot reach broker',
  ])
})

it('says aloud that the login is refused', () => {
  expect(story(refused, refused)).toEqual(['error: login refused by broker'])
})

it('suspects a rival after three short links, once, and is quiet until a link lasts', () => {
  const short = [link, closedAfter(1000)]
  expect(
    story(...short, ...short, ...short, ...short, ...short, link, closedAfter(60_000), ...short),
  ).toEqual([
    'info: connected to broker',
    'warn: lost broker',
    'info: connected to broker',
    'warn: lost broker',
    'info: connected to broker',
    'warn: broker',
    'warn: lost broker',
    'info: connected to broker',
    'warn: lost broker',
  ])
})
