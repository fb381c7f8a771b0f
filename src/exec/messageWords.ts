/** The words of a message; `NA` means none, since an empty message is hard to send with some programs. */
export const messageWords = (payload: string): string[] => {
  const words = payload.split(/\s+/).filter((word) => word !== '')
  return words.length === 1 && words[0] === 'NA' ? [] : words
}
