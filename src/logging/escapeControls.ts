const names: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * Makes control characters, line separators, invisible formatting (text direction) and lone surrogates visible, so
 * that text from the air or the network can neither forge a line nor command a terminal.
 *
 * @example escapeControls('a\nb\x1b[2J') // 'a\\nb\\u{1b}[2J'
 */
export const escapeControls = (text: string): string =>
  // Most text is plain, and looking through all of Unicode takes V8 a while, once.
  /^[ -~]*$/.test(text)
    ? text
    : text.replace(
        /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
        (character) => names[character] ?? `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`,
      )
