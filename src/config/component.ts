import type { Observable } from 'rxjs'
import type { Finding } from '../doctor/finding.js'
import type { Level } from '../logging/level.js'
import type { Logger } from '../logging/logger.js'
import type { PluginContext } from './plugin.js'
import type { Problem } from './problem.js'
import type { Section } from './section.js'

/** A section that stands for something to make, read as far as it can be. */
export interface Component<Product> {
  readonly section: Section
  readonly problems: readonly Problem[]
  /** The plug-in that makes it. */
  readonly plugin?: unknown
  /** The parameters it knows; absent when its class is unknown. */
  readonly known?: readonly string[]
  readonly level?: Level | undefined
  /** What no other connection may say too. */
  readonly identity?: string | undefined
  /** Where it takes commands from. */
  readonly sources?: readonly string[] | undefined
  /** It stays within the program. */
  readonly local?: true | undefined
  /** The broker it could be served by, if it knows one. */
  readonly broker?: ((log: Logger) => Observable<unknown>) | undefined
  /** Whether it could do its work, if it can be tried out. */
  readonly examine$?: Observable<Finding> | undefined
  /** Files that it reads when it is made. */
  readonly files?: readonly string[] | undefined
  /** Makes it; absent when its own parameters have an error. */
  readonly create?: (context: PluginContext) => Product
}
