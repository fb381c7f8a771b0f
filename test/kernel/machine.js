// An emulated machine with Debian's own kernel. The host's files are there as they are, below a layer that is thrown away.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/**
 * Boots a machine that runs a program as root, and switches itself off afterwards. `hear` is told each line of its console. Neither
 * the program nor its arguments may hold a blank or a `|`.
 */
export function boot(cache, program, hear) {
  const kernelLine = [
    'console=ttyS0 quiet panic=-1 mitigations=off nokaslr no_timer_check tsc=reliable random.trust_cpu=on cryptomgr.notests',
    `guest.cache=${cache} guest.run=${program.join('|')}`,
  ].join(' ')
  const options = {
    // KVM is seldom there where tests run, and a machine that is emulated is the same everywhere.
    accel: 'tcg,thread=multi,tb-size=512',
    M: 'pc',
    cpu: 'Nehalem,+rdrand',
    smp: '2',
    m: '1024',
    kernel: `${cache}/vmlinux`,
    initrd: `${cache}/initrd.cpio`,
    append: kernelLine,
    serial: 'stdio',
    display: 'none',
    fsdev: 'local,id=host,path=/,security_model=none,readonly=on,multidevs=remap',
    device: 'virtio-9p-pci,fsdev=host,mount_tag=host',
  }
  const args = Object.entries(options).flatMap(([name, value]) => [`-${name}`, value])
  // However this process ends, the kernel ends the machine with it.
  const command = [
    '--pdeathsig',
    'KILL',
    'qemu-system-x86_64',
    '-nodefaults',
    '-no-user-config',
    '-no-reboot',
  ]
  const qemu = spawn('setpriv', [...command, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  createInterface({ input: qemu.stdout }).on('line', (line) => hear(line.replaceAll('\r', '')))
  const off = new Promise((resolve) => qemu.once('close', resolve))
  return { off, pullThePlug: () => qemu.kill('SIGKILL') }
}
