import { vi } from 'vitest'

// A second, which is what these wait for, is not enough for a program to start on a busy machine.
const patience = 60_000
const { waitFor, waitUntil } = vi
const isSet = waitFor.name === 'patiently'

if (!isSet)
  Object.assign(vi, {
    waitFor: function patiently(...[callback, options = patience]: Parameters<typeof waitFor>) {
      return waitFor(callback, options)
    },
    waitUntil: (...[callback, options = patience]: Parameters<typeof waitUntil>) =>
      waitUntil(callback, options),
  })
