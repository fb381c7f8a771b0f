import {
  connect,
  debounceTime,
  filter,
  last,
  map,
  merge,
  mergeMap,
  type MonoTypeOperatorFunction,
  type Observable,
  startWith,
  switchMap,
  takeUntil,
  timer,
} from 'rxjs'
import type { Reading } from '../model.js'
import {
  type DiscoveryDocument,
  documentReading,
  documentTopic,
  isOurs,
  rootId,
} from './homeAssistantDocuments.js'
import type { ComponentsByKey } from './homeAssistantEntities.js'
import type { Message } from './incoming.js'

/** What of a link is needed to read what the broker retains. */
export interface DiscoveryLink {
  /** What comes in on a topic filter while it is subscribed to. */
  readonly listen: (topicFilter: string) => Observable<Message>
}

/** A document of this program's that a broker retains, whichever daemon it is of. */
export interface RetainedDocument {
  readonly id: string
  /** The id of the daemon's own document. */
  readonly gateway: string
  /** The client id of the daemon, where this is its own document. */
  readonly client: unknown
  readonly components: ComponentsByKey
}

/** After the last of what the broker retains, ms. */
const silence = 2000

/** However much that is, ms. */
const longestRead = 30_000

/** Reads the documents of this program's daemons that the broker retains; completes when no more come. */
export const retainedDocuments = ({ listen }: DiscoveryLink, prefix: string): Observable<RetainedDocument> =>
  listen(documentTopic(prefix, '+')).pipe(
    connect((messages$) => {
      const silent$ = messages$.pipe(startWith(undefined), debounceTime(silence))
      return messages$.pipe(
        filter(({ retained }) => retained),
        mergeMap(documentIn),
        takeUntil(merge(silent$, timer(longestRead))),
      )
    }),
  )

function documentIn({ topic, payload }: Message): RetainedDocument[] {
  const id = topic.split('/').at(-2) ?? ''
  const document = id.startsWith('sr_') ? parsed(payload) : undefined
  if (!document || !isOurs(document)) return []
  const { via_device: via, serial_number: client } = document.device
  const gateway = typeof via === 'string' ? via : id
  return [{ id, gateway, client: id === gateway ? client : undefined, components: document.components }]
}

/** A document as a broker has it; nothing, where it is none. */
function parsed(payload: Uint8Array): DiscoveryDocument | undefined {
  try {
    const document = JSON.parse(Buffer.from(payload).toString()) as Partial<DiscoveryDocument> | null
    return document?.device && document.components ? (document as DiscoveryDocument) : undefined
  } catch {
    return undefined
  }
}

/** Clears what an earlier run has announced, beside readings that are not announced any more. */
export const withoutDocuments =
  (prefix: string, rootTopic: string, link$: Observable<DiscoveryLink>): MonoTypeOperatorFunction<Reading> =>
  (readings$) =>
    readings$.pipe(
      connect((shared$) => {
        const root = rootId(rootTopic)
        const cleared$ = link$.pipe(
          switchMap((link) => retainedDocuments(link, prefix)),
          filter(({ gateway }) => gateway === root),
          map(({ id }) => documentReading(prefix, id, '')),
          takeUntil(shared$.pipe(last(() => true, undefined))),
        )
        return merge(shared$, cleared$)
      }),
    )
