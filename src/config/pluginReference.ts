/** Where a plug-in of somebody else is. */
export interface PluginReference {
  /** The path of a file, or the name of a package. */
  readonly module: string
  /** What it exports. */
  readonly name: string
}

/** Reads `./attic.js#Attic` or `package-name#Attic`; nothing when it is no such thing. */
export function pluginReference(text: string): PluginReference | undefined {
  const { module, name } = /^(?<module>.+)#(?<name>[^#]+)$/.exec(text)?.groups ?? {}
  return module !== undefined && name !== undefined ? { module, name } : undefined
}
