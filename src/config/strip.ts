/** What Python's `str.isspace` calls white space; JavaScript's `trim` has a slightly different list. */
const spaces = new Set(
  '\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000',
)

/** Takes white space off both ends, as Python's `str.strip` does. */
export function strip(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && spaces.has(text.charAt(start))) start++
  while (end > start && spaces.has(text.charAt(end - 1))) end--
  return text.slice(start, end)
}
