import { PassThrough } from 'node:stream'

/** Stands in for standard output and remembers its lines; file descriptor 2 is there to be examined, not written. */
export const recordingStream = (): PassThrough & { readonly fd: number; readonly lines: () => string[] } => {
  const chunks: string[] = []
  const stream = new PassThrough().on('data', (chunk: Buffer) => chunks.push(chunk.toString()))
  return Object.assign(stream, { fd: 2, lines: () => chunks.join('').split('\n').slice(0, -1) })
}
