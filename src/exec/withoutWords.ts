const reasons: Readonly<Record<string, string>> = {
  ENOENT: ': there is no such program; write its whole path, or see to it that PATH leads there',
  EACCES: ': this user may not run it; is it executable (chmod +x)?',
  E2BIG: ': its arguments are too long',
  EAGAIN: ': the system has no room for another process',
}

/** Says of an error of the system why a program cannot be started, without the words that it quotes; others stay. */
export function withoutWords(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  if (!('code' in error)) return error
  const code = String(error.code)
  return new Error(`the command cannot be started (${code})${reasons[code] ?? ''}`)
}
