import { examineAdapters } from './examineAdapters.js'
import { examineBlocks } from './examineBlocks.js'
import { examineCapabilities } from './examineCapabilities.js'
import { examineKernel } from './examineKernel.js'
import { examineLibrary } from './examineLibrary.js'
import { examineNode } from './examineNode.js'
import { examineUsers } from './examineUsers.js'
import type { Finding } from './finding.js'
import type { Machine } from './machine.js'

/** All that Bluetooth needs of a machine. What only Linux has is looked at on Linux. */
export function* examineMachine(machine: Machine): Generator<Finding> {
  yield examineNode(machine)
  yield examineLibrary(machine)
  if (machine.platform !== 'linux') return
  const kernel = examineKernel(machine)
  yield kernel
  if (kernel.ok) {
    yield* examineAdapters(machine)
    yield examineBlocks(machine)
    yield examineUsers(machine)
  }
  yield examineCapabilities(machine)
}
