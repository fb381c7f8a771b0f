// @ts-check
import test from 'node:test'
import { diagram } from 'sensor-reporter/testing'
import { rain } from './rain.js'

test('the rain of the last hour', () =>
  diagram(new URL('rain.txt', import.meta.url), { 'rain()': (tips$) => tips$.pipe(rain('rain')) }))
