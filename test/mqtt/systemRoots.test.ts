import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { systemRoots } from '../../src/mqtt/systemRoots.js'

it('has roots on every system', () => {
  expect(systemRoots({}).join('')).toContain('-----BEGIN CERTIFICATE-----')
})

it('reads the file that the environment names, and adds the extra one, as far as they exist', () => {
  const folder = mkdtempSync(join(tmpdir(), 'roots-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'roots.pem')
  writeFileSync(file, 'these')
  expect(systemRoots({ SSL_CERT_FILE: file, NODE_EXTRA_CA_CERTS: file })).toEqual(['these', 'these'])
  expect(systemRoots({ SSL_CERT_FILE: '/nowhere', NODE_EXTRA_CA_CERTS: '/nowhere' })).toEqual(systemRoots({}))
})
