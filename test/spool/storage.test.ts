import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { spoolDoubt } from '../../src/spool/storage.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

it('doubts a spool that is a directory or has none, and no other', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'file'), '')
  const paths = ['file', 'new', '.', 'none/new', 'file/new']
  expect(await Promise.all(paths.map((path) => spoolDoubt(join(folder, path))))).toEqual([
    undefined,
    undefined,
    'expected a file, got a directory: name a file in it',
    'its directory does not exist: make it',
    'its directory is none: name another path',
  ])
})
