const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  ERR_INVALID_ARG_VALUE: 'there is no such file',
  EACCES: 'its permissions do not let this user read it',
  EPERM: 'its permissions do not let this user read it',
  EISDIR: 'it is a folder',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8',
}

/** Why a file cannot be read, in words. */
export function fileFault(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? String(error.code) : error.message
  return reasons[code] ?? code
}
