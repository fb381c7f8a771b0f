import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { inTurn } from '../src/threads.js'
import { temporaryFolder } from './support/temporaryFolder.js'

/** Reads that hang, each in a thread, as those of a broken bus do; `free` ends them. */
function hungFile() {
  const path = join(temporaryFolder(), 'hung')
  execFileSync('mkfifo', [path])
  const free = () => closeSync(openSync(path, constants.O_RDWR | constants.O_NONBLOCK))
  onTestFinished(free)
  return { read: () => readFile(path, 'utf8'), free }
}

describe('what may hang', () => {
  it('runs one at a time in its queue, in the order in which it came', async () => {
    const order: string[] = []
    const work = (name: string) => async () => {
      order.push(`${name} begins`)
      await new Promise((resolve) => setTimeout(resolve, 5))
      order.push(`${name} ends`)
      return name
    }
    expect(await Promise.all(['a', 'b', 'c'].map((name) => inTurn('bus', work(name))))).toEqual([
      'a',
      'b',
      'c',
    ])
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  })

  it('fails by itself alone when it just fails', async () => {
    const [failed, next] = await Promise.allSettled([
      inTurn('bus', () => Promise.reject(new Error('garbled'))),
      inTurn('bus', () => Promise.resolve(21)),
    ])
    expect(failed).toMatchObject({ reason: { message: 'garbled' } })
    expect(next).toMatchObject({ value: 21 })
  })

  it('fails with what waits behind it when it takes too long, until it has ended', async () => {
    const { read, free } = hungFile()
    const healthy = () => Promise.resolve(21)
    const all = await Promise.allSettled([inTurn('the bus', read, 50), inTurn('the bus', healthy)])
    all.push(...(await Promise.allSettled([inTurn('the bus', healthy)])))
    for (const each of all)
      expect(each).toMatchObject({
        reason: { message: expect.stringContaining('does not answer: a read has hung for 0.05 s') as string },
      })
    // Again and again: a thread may not even have begun to open it.
    const freed = () => {
      free()
      return inTurn('the bus', healthy).catch(() => 0)
    }
    await expect.poll(freed).toBe(21)
  })

  it('leaves a thread for files, and for other queues as long as there is one', async () => {
    const path = join(temporaryFolder(), 'file')
    writeFileSync(path, 'text')
    const hang = (name: string) => inTurn(name, hungFile().read, 50).catch(() => 'hung')
    const two = ['first', 'second'].map(hang)
    await expect(inTurn('third', () => readFile(path, 'utf8'))).resolves.toBe('text')
    const hung = [...two, hang('third')]
    await expect(inTurn('fourth', () => readFile(path, 'utf8'))).rejects.toThrow(
      'fourth is not tried, since these hang: first, second, third',
    )
    expect(await Promise.all(hung)).toEqual(['hung', 'hung', 'hung'])
    expect(await readFile(path, 'utf8')).toBe('text')
  })
})
