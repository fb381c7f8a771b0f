import type { ServerResponse } from 'node:http'
import { asyncScheduler, endWith, interval, map, merge, type Observable, share, takeUntil } from 'rxjs'
import { securityHeaders, sendText } from './http.js'
import type { All, News } from './wire.js'

/** Pages that are open, and connections beside them. */
const pageLimit = 50

/** Bytes that may wait for a page beside what it was told to begin with; one that reads more slowly is dropped, and asks for all again. */
const unreadLimit = 2 ** 20

/** How often a page is told that all is well, so that either side notices when the other is gone, ms. */
const pulse = 15_000

/** An event as a page gets it. Bytes, since all pages get the same. */
export const event = (name: string, data: unknown): Buffer =>
  Buffer.from(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)

/** What pages are told. */
interface Told {
  /** What a page has to know to begin with. */
  readonly all: () => All
  readonly news$: Observable<News>
  /** Other events. */
  readonly events$: Observable<Buffer>
  /** Pages are told so, and closed. */
  readonly stop$: Observable<unknown>
  readonly failed: (error: unknown) => void
}

/** The pages that are open: each is an answer that goes on as long as somebody looks. Nothing is made of news while nobody does. */
export function openPages({ all, news$, events$, stop$, failed }: Told) {
  const pages = new Set<ServerResponse>()
  let dropped = 0
  const told$ = merge(
    news$.pipe(map((news) => event('news', news))),
    events$,
    interval(pulse).pipe(map(() => event('alive', asyncScheduler.now()))),
  ).pipe(takeUntil(stop$), endWith(event('bye', null)), share())
  return {
    counts: () => ({ pages: pages.size, dropped }),
    open: (response: ServerResponse) => {
      if (pages.size >= pageLimit) {
        sendText(response, 503, `There are ${pageLimit} open pages already: close one of them.`)
        return
      }
      // It ends with its connection, so it need not come in chunks, of which each would be two writes more.
      response.removeHeader('Transfer-Encoding')
      response.writeHead(200, {
        ...securityHeaders,
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
        // A reverse proxy is not to collect it.
        'X-Accel-Buffering': 'no',
      })
      const beginning = event('all', all())
      response.write('retry: 2000\n')
      response.write(beginning)
      pages.add(response)
      const telling = told$.subscribe({
        next: (bytes) => {
          // What waits from before: who reads gets an event of any length.
          if (response.writableLength <= unreadLimit + beginning.length) response.write(bytes)
          else if (!response.destroyed) {
            dropped += 1
            response.destroy()
          }
        },
        error: failed,
        complete: () => response.end(),
      })
      response.once('close', () => {
        telling.unsubscribe()
        pages.delete(response)
      })
    },
  }
}
