import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { catchError, EMPTY, lastValueFrom, of, take } from 'rxjs'
import { escapeControls } from '../fields/problems.js'
import type { Finding } from '../plugin/plugin.js'
import { hciSockets } from '../radio/hciSocket.js'
import { radioError } from '../radio/openAdapter.js'
import type { BluetoothLibrary, Machine } from './machine.js'

/** All that Bluetooth needs of a machine. What only Linux has is looked at on Linux. */
export async function* examineMachine(machine: Machine): AsyncGenerator<Finding> {
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

/** Whether Node is new enough. */
function examineNode({ nodeVersion }: Machine): Finding {
  return Number(nodeVersion.split('.')[0]) >= oldest
    ? { ok: true, text: `Node ${nodeVersion}` }
    : { ok: false, text: `Expected Node ${oldest} or newer, got ${nodeVersion}: install it from nodejs.org.` }
}

const oldest = 20

/** Whether the Bluetooth library is installed, and built for this Node. */
function examineLibrary({ loadBluetooth }: Machine): Finding {
  try {
    return { ok: true, text: `noble ${loadBluetooth().version} is installed and built` }
  } catch (error) {
    return { ok: false, text: radioError(error).message }
  }
}

/** Whether the kernel speaks Bluetooth. */
function examineKernel({ root }: Machine): Finding {
  const protocols = join(root, 'proc/net/protocols')
  const knows =
    existsSync(join(root, 'sys/class/bluetooth')) ||
    (existsSync(protocols) && /^HCI\b/m.test(readFileSync(protocols, 'utf8')))
  return knows
    ? { ok: true, text: 'the kernel has Bluetooth' }
    : { ok: false, text: radioError('EAFNOSUPPORT').message }
}

/** Whether there are adapters, and each is switched on and answers. Says nothing where the library is missing: that was said. */
async function* examineAdapters({ loadBluetooth }: Machine): AsyncGenerator<Finding> {
  const [library, adapters] = list(loadBluetooth)
  if (adapters instanceof Error) yield { ok: false, text: radioError(adapters).message }
  else if (adapters?.length === 0) yield { ok: false, text: radioError('ENODEV').message }
  else
    for (const { devId, devUp } of adapters ?? []) {
      const name = `hci${devId}`
      if (!devUp)
        yield {
          ok: false,
          text: `The adapter ${name} is off: run sudo rfkill unblock bluetooth && sudo hciconfig ${name} up.`,
        }
      else if (await answered(library, devId))
        yield { ok: true, text: `the adapter ${name} is on, and answers` }
      else
        yield {
          ok: false,
          text: `The adapter ${name} is on, but does not answer: unplug it and plug it in again, or reboot.`,
        }
    }
}

const answered = (library: BluetoothLibrary | undefined, devId: number): Promise<boolean> =>
  lastValueFrom(
    (library?.answers(devId) ?? EMPTY).pipe(
      take(1),
      catchError(() => of(false)),
    ),
    { defaultValue: false },
  )

function list(loadBluetooth: Machine['loadBluetooth']) {
  let library
  try {
    library = loadBluetooth()
  } catch {
    return [undefined, undefined] as const
  }
  try {
    return [library, library.adapters()] as const
  } catch (error) {
    return [library, error as Error] as const
  }
}

/** Whether rfkill keeps Bluetooth switched off. */
function examineBlocks({ root }: Machine): Finding {
  const folder = join(root, 'sys/class/rfkill')
  const blocks = filesIn(folder)
    .map((name) => join(folder, name))
    .filter((radio) => textOf(join(radio, 'type')) === 'bluetooth')
  const blocked = (how: string) => blocks.some((radio) => textOf(join(radio, how)) === '1')
  if (blocked('hard'))
    return { ok: false, text: 'A switch or key of this machine blocks Bluetooth: press it.' }
  if (blocked('soft'))
    return { ok: false, text: 'rfkill blocks Bluetooth: run sudo rfkill unblock bluetooth.' }
  return { ok: true, text: 'rfkill does not block Bluetooth' }
}

/** Who else uses Bluetooth. That is no fault, but they may stop a scan; it is started again then. */
function examineUsers({ root }: Machine): Finding {
  const users = filesIn(join(root, 'proc'))
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const folder = join(root, 'proc', pid)
      const name = textOf(join(folder, 'comm'))
      return known.has(name) || hciSockets(folder).size > 0
        ? [`${escapeControls(name)} (process ${pid})`]
        : []
    })
  return {
    ok: true,
    text:
      users.length > 0
        ? `also used by ${users.join(', ')}: should one of them stop the scan, it is started again`
        : 'no other program is seen to use Bluetooth',
  }
}

/** They are known by name, since only root sees what sockets the processes of others have. */
const known = new Set(['bluetoothd', 'btmon', 'btmgmt', 'bluetoothctl', 'hcidump', 'hcitool', 'bluealsa'])

/** Whether this process may listen (CAP_NET_RAW), and power-cycle a deaf adapter (CAP_NET_ADMIN); root may. */
function examineCapabilities({ root }: Machine): Finding {
  const effective = /^CapEff:\s*([\da-f]+)$/m.exec(textOf(join(root, 'proc/self/status')))?.[1] ?? '0'
  const bits = BigInt(`0x${effective}`)
  const missing = Object.entries(capabilities).flatMap(([name, bit]) => ((bits >> bit) & 1n ? [] : [name]))
  if (missing.length === 0) return { ok: true, text: 'this process may use Bluetooth' }
  return { ok: false, text: `This process lacks ${missing.join(' and ')}. ${radioError('EPERM').message}` }
}

/** Bits in CapEff: capabilities(7). */
const capabilities = { CAP_NET_RAW: 13n, CAP_NET_ADMIN: 12n }

/** The names in a folder of the kernel's; none where it does not exist. */
function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** What a file of the kernel's says, without white space around it; empty where it does not exist (any more). */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}
