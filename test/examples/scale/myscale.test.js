// @ts-check
import assert from 'node:assert/strict'
import test from 'node:test'
import { myScale } from './myscale.js'

const said = (/** @type {string} */ record) =>
  myScale.decode({
    address: 'c8:47:8c:11:22:33',
    serviceUuids: [],
    serviceData: [],
    manufacturerData: [Buffer.from(record, 'hex')],
  })

test('says what the display said', () => {
  assert.equal(said('34126a0901')?.weight_kg, 0.0241)
})

test('says nothing while the weight moves, and of a packet that is cut short', () => {
  assert.equal(said('34126a0900')?.ignored, true)
  assert.equal(said('34126a'), undefined)
})
