import { createSocket } from 'node:dgram'
import dns, { type LookupAddress } from 'node:dns'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { getuid } from 'node:process'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { lookup, type NameSources } from '../../src/mqtt/names.js'
import { mqttSection } from '../exec/mqttSection.js'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { program, temporaryFile } from '../support/program.js'

/** A name server on the loopback that gets questions, and answers with what `answer` makes of them, or not at all. */
async function nameServer(answer?: (question: Buffer) => Buffer, [address, port] = ['127.0.0.1', 0]) {
  const socket = createSocket('udp4')
  onTestFinished(() => void socket.close())
  socket.on('message', (question, { port, address }) => {
    if (answer) socket.send(answer(question), port, address)
  })
  socket.bind(port, address)
  await once(socket, 'listening')
  return `${address}:${socket.address().port}`
}

/** The question with a code in its header: 3 is "no such name". */
const saying = (code: number) => (question: Buffer) => {
  const answer = Buffer.from(question)
  answer.writeUInt16BE(0x8180 | code, 2)
  answer.writeUInt16BE(0, 10)
  return answer.subarray(0, 12 + question.subarray(12).indexOf(0) + 5)
}

/** With an address of IPv4 for every question of the kind A (1), and none for others. */
const withAddress = (question: Buffer) => {
  const answer = saying(0)(question)
  if (answer.readUInt16BE(answer.length - 4) !== 1) return answer
  answer.writeUInt16BE(1, 6)
  return Buffer.concat([answer, Buffer.of(0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7)])
}

const found = (host: string, sources: NameSources, patience = 20_000) =>
  new Promise<string | LookupAddress[]>((resolve, reject) => {
    lookup(patience, sources)(host, { all: true }, (error, addresses) =>
      error ? reject(error) : resolve(addresses),
    )
  })

const hosts = () =>
  temporaryFile(
    'hosts',
    '# 10.0.0.1 broker\n127.0.0.1 localhost\n10.0.0.2\tshed Broker # of ours\n::2 broker\n',
  )

type Found = (error: Error | null, addresses: LookupAddress[]) => void

/** Plays the system's look-up; the sockets of the test go on to use the real one for addresses. */
function system(play: (name: string, done: Found) => void) {
  const real = dns.lookup as unknown as (name: string, options: object | number, done: Found) => void
  const played: typeof real = (name, options, done) =>
    isIP(name) ? real(name, options, done) : play(name, done)
  return vi.spyOn(dns, 'lookup').mockImplementation(played as unknown as typeof dns.lookup)
}

afterEach(() => void vi.restoreAllMocks())

describe('a look-up', () => {
  it('takes what the hosts file says, and asks nobody then', async () => {
    const sources = { hosts: hosts(), servers: [await nameServer()] }
    expect(await found('BROKER.', sources)).toEqual([
      { address: '10.0.0.2', family: 4 },
      { address: '::2', family: 6 },
    ])
  })

  it('asks the name server', async () => {
    const sources = { hosts: hosts(), servers: [await nameServer(withAddress)] }
    expect(await found('broker.example', sources)).toEqual([{ address: '192.0.2.7', family: 4 }])
  })

  it('says that a name server does not answer, and holds no thread while it waits', async () => {
    const sources = { hosts: hosts(), servers: [await nameServer()] }
    const asked: string[] = []
    system((name) => void asked.push(name))
    const lost = Array.from({ length: 8 }, (_, index) => found(`broker${index}.example`, sources, 300))
    const settled = Promise.allSettled(lost)
    expect(await readFile(sources.hosts, 'utf8')).toContain('shed')
    for (const each of await settled) expect(each).toMatchObject({ reason: { code: 'ETIMEOUT' } })
    expect(asked).toEqual([])
  })

  it('leaves to the system what the name server does not know, and names of mDNS', async () => {
    const names: string[] = []
    system((name, done) => {
      names.push(name)
      done(null, [{ address: '10.0.0.9', family: 4 }])
    })
    const knowing = { hosts: hosts(), servers: [await nameServer(saying(3))] }
    expect(await found('shed-pi', knowing)).toEqual([{ address: '10.0.0.9', family: 4 }])
    await found('shed.local', { hosts: hosts(), servers: [await nameServer()] })
    expect(names).toEqual(['shed-pi', 'shed.local'])
  })

  it('lets two names wait at the system, and fails the others when they hang', async () => {
    const hung: Found[] = []
    system((_name, done) => void hung.push(done))
    const lost = ['a.local', 'b.local', 'c.local'].map((name) => found(name, { hosts: hosts() }, 200))
    for (const each of await Promise.allSettled(lost))
      expect(each).toMatchObject({ reason: { code: 'ETIMEOUT' } })
    expect(hung).toHaveLength(2)
    for (const done of hung) done(null, [])
  })
})

/** A name server at an address of its own, and files of our own in place of the system's, need root and Linux. */
const isRoot = getuid?.() === 0 && existsSync('/proc/self/ns/mnt')

describe.skipIf(mosquittoMissing || !isRoot)('a dead name server', () => {
  it('keeps neither a broker away whose name needs none, nor the stop', async () => {
    const dead = '127.0.0.153'
    await nameServer(undefined, [dead, 53])
    const broker = await mosquitto()
    await broker.start()
    const { until } = await listener(broker.port)
    const sections = ['gone1.example', 'gone2.example', 'shed.example'].map((host, index) =>
      mqttSection(broker.port)
        .replace('[Connection1]', `[Connection${index + 1}]`)
        .replace('Name = MQTT', `Name = ${host}`)
        .replace('Client = test', `Client = test${index}`)
        .replace('127.0.0.1', host),
    )
    const file = temporaryFile(
      'names.ini',
      `${sections.join('')}\n[Sensor1]\nClass = heartbeat.heartbeat.Heartbeat\nPoll = 60\nNum-Dest = beats\nStr-Dest = beat\n`,
    )
    const namespace = `mount --bind ${temporaryFile('resolv.conf', `nameserver ${dead}\n`)} /etc/resolv.conf &&
      mount --bind ${temporaryFile('hosts', '127.0.0.1 shed.example\n')} /etc/hosts && exec "$0" "$@"`
    const daemon = program(['run', file], {}, ['unshare', '-m', 'sh', '-c', namespace])
    await until('root/status ONLINE')
    await daemon.until(/gone1\.example:\d+ \(ETIMEOUT\): the name server does not answer/)
    expect(daemon.lines.join('\n')).not.toContain('firewall')
    const asked = performance.now()
    daemon.child.kill('SIGTERM')
    expect(await daemon.exit).toBe(0)
    // The contract's bound, not a measurement.
    expect(performance.now() - asked).toBeLessThan(5000)
  })
})
