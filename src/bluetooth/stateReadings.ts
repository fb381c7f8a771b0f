import { distinctUntilChanged, map } from 'rxjs'
import type { Observable } from 'rxjs'
import type { Sensor } from '../model.js'
import type { RadioState } from './radioState.js'
import { radioStateText } from './radioStateText.js'

/** The state of the radio as readings for `bluetooth`, retained, one for each change. */
export const stateReadings = (state$: Observable<RadioState>): Sensor =>
  state$.pipe(
    map(radioStateText),
    distinctUntilChanged(),
    map((value) => ({ destination: 'bluetooth', value, retain: true as const })),
  )
