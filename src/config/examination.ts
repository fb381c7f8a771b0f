import type { Observable } from 'rxjs'
import type { Finding } from '../doctor/finding.js'

/** What a section of a configuration can find out about whether it could do its work. */
export interface Examination {
  readonly section: string
  readonly findings$: Observable<Finding>
}
