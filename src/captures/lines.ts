/** A line this long is cut here: whoever reads it sees that it is too long, and memory stays bounded. */
const longest = 128 * 1024

/**
 * The lines of a byte stream in batches, one for each chunk, read only as they are asked for. UTF-8 with or without BOM;
 * what is no UTF-8 becomes U+FFFD. Line ends (LF) are left out; a last line without one counts.
 */
export async function* lines(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<string[], void> {
  const utf8 = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const text = typeof chunk === 'string' ? chunk : utf8.decode(chunk, { stream: true })
    const batch = (rest + text).split('\n')
    rest = (batch.pop() ?? '').slice(0, longest)
    yield batch
  }
  rest += utf8.decode()
  if (rest) yield [rest]
}
