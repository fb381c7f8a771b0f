import { expect, it } from 'vitest'
import { report } from './report.js'

it('The API reports say what users can import', () => {
  expect(report({ check: true }), 'The public surface has changed: run npm run api').toEqual([])
})
