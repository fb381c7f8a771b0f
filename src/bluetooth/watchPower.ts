import { concatMap, defer, distinctUntilChanged, ignoreElements, map, tap, timer } from 'rxjs'
import type { Observable } from 'rxjs'
import type { HciLayer } from './hciLayer.js'

/** What noble says to an adapter that is up; the last one's answer leads to the state `poweredOn`. */
const greeting = [
  'setSocketFilter',
  'setEventMask',
  'setLeEventMask',
  'writeLeHostSupported',
  'readLeHostSupported',
  'readLeBufferSize',
  'readBdAddr',
  'readLocalVersion',
] as const

/**
 * Looks once a second whether the adapter is up, and makes `hci` say so in its `stateChange` events. noble's own way of
 * doing it re-arms a timer that nobody can clear; this one stops when unsubscribed. Never emits.
 */
export const watchPower = (hci: HciLayer): Observable<never> =>
  defer(() => {
    const known = listed(hci)
    return timer(0, 1000).pipe(
      map(() => {
        if (hci._socket.isDevUp()) return 'up'
        // An adapter that was pulled out returns under another number: this socket would wait for it in vain.
        return known && !listed(hci) ? 'ENODEV' : 'poweredOff'
      }),
      distinctUntilChanged(),
      // One by one, so that a command that fails and closes everything is the last.
      concatMap((power) =>
        power === 'up' ? greeting.map((word) => () => hci[word]()) : [() => hci.emit('stateChange', power)],
      ),
      tap((say) => say()),
      ignoreElements(),
    )
  })

const listed = ({ _socket, _deviceId }: HciLayer) =>
  _socket.getDeviceList?.().some(({ devId }) => devId === _deviceId) === true
