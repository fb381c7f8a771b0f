import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { kernelFiles } from '../support/kernelFiles.js'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { program, temporaryFile } from '../support/program.js'
import { kitchen } from '../support/seed.js'
import { tcpProxy } from '../support/tcpProxy.js'

const connection = (port: number, ...lines: readonly string[]) =>
  [
    '[Connection1]',
    'Class = mqtt.mqtt_conn.MqttConnection',
    'Name = MQTT',
    'Client = test',
    'User = user',
    'Password = password',
    'Host = 127.0.0.1',
    `Port = ${port}`,
    'Keepalive = 10',
    'RootTopic = root',
    ...lines,
  ].join('\n')

const govee = (...lines: readonly string[]) =>
  ['[Sensor0]', 'Class = govee.govee_sensor.GoveeSensor', 'Destination = govee', ...lines].join('\n')

const device = '28-a66c801e64ff'

const outside = (root: string, ...lines: readonly string[]) =>
  [
    '[Sensor1]',
    'Class = one_wire.ds18x20_sensor.Ds18x20Sensor',
    `Mac = ${device}`,
    'Poll = 0.1',
    `Path = ${root}`,
    'Destination = outside',
    ...lines,
  ].join('\n')

/** Something else that is repeated, behind which nothing more comes. */
const other = [
  '[Sensor9]',
  'Class = exec.exec_sensor.ExecSensor',
  'Script = echo said',
  'Poll = 86400',
  'Destination = other',
].join('\n')

const slave = { [`${device}/w1_slave`]: '57 01 4b 46 7f ff 09 10 70 : crc=70 YES\n57 01 t=21437\n' }

const meat = (manufacturerData: string) =>
  JSON.stringify({
    address: 'C7:31:30:30:55:44',
    rssi: -60,
    localName: 'meat',
    serviceUuids: ['8251'],
    manufacturerData: `305544${manufacturerData}`,
  })

const bothProbes = meat('01000101e401860866ffff860898ffff')

const secondProbe = meat('01000101e40106ffffffff860898ffff')

const press = JSON.stringify({
  address: 'c1:37:37:32:0f:45',
  rssi: -60,
  localName: 'GV51255367',
  manufacturerData: '88ef2eaf0000625cae9215b6a80ad4814bca4b5f73d945343002',
})

describe.skipIf(mosquittoMissing)('what is known not to be true any more', () => {
  async function running(sections: (port: number) => readonly string[], through?: 'a proxy') {
    const broker = await mosquitto()
    await broker.start()
    const proxy = through && (await tcpProxy(broker.port))
    const live = await listener(broker.port)
    const text = (parts: readonly string[]) => parts.join('\n\n')
    const file = temporaryFile('values.ini', text(sections(proxy?.port ?? broker.port)))
    const daemon = program(['run', file, '--replay', '-'])
    await live.until('root/status ONLINE')
    return {
      ...{ broker, proxy, daemon },
      ...live,
      /** What somebody receives who subscribes now. */
      retained: async () => {
        const late = await listener(broker.port)
        await late.client.publishAsync('end', '')
        await late.until('end ')
        return late.heard.filter((message) => message !== 'end ').sort()
      },
      /** Says a packet, and waits for the last message that it leads to. */
      hear: async (packet: string, last: string) => {
        const before = live.heard.length
        daemon.say(packet)
        await live.until(last, before)
        return live.heard.slice(before).filter((message) => message !== 'end ')
      },
      /** What is said upon a refresh, up to and with this message. */
      refreshed: async (last: string) => {
        const before = live.heard.length
        await live.client.publishAsync('root/refresh', '')
        await live.until(last, before)
        return live.heard.slice(before).filter((message) => !/^(root\/refresh|end )/.test(message))
      },
      reload: async (parts: readonly string[]) => {
        writeFileSync(file, text(parts))
        const before = daemon.lines.length
        daemon.child.kill('SIGHUP')
        await daemon.until(/has been read again/, before)
      },
    }
  }

  const meatMessages = ['probe2/temp_c 22.00', 'probe2/temp_f 71.60', 'battery 100', 'rssi -60'].map(
    (message) => `root/govee/meat/${message}`,
  )

  const last = 'root/govee/meat/rssi -60'

  it('is a probe that was pulled out', async () => {
    const { hear, retained, refreshed } = await running((port) => [connection(port), govee('Retain = YES')])
    await hear(bothProbes, last)
    expect(await retained()).toContain('root/govee/meat/probe1/temp_c 21.50')
    expect(await hear(secondProbe, last)).toEqual([
      'root/govee/meat/probe1/temp_c ',
      'root/govee/meat/probe1/temp_f ',
      ...meatMessages,
    ])
    expect(await hear(secondProbe, last)).toEqual(meatMessages)
    expect(await retained()).toEqual([...meatMessages, 'root/status ONLINE'].sort())
    expect(await refreshed(last)).toEqual(meatMessages)
    expect(await hear(bothProbes, last)).toContain('root/govee/meat/probe1/temp_c 21.50')
    expect(await retained()).toContain('root/govee/meat/probe1/temp_c 21.50')
  })

  it('is a probe that was pulled out before the program started again', async () => {
    const { client, hear, retained } = await running((port) => [connection(port), govee('Retain = YES')])
    await client.publishAsync('root/govee/meat/probe1/temp_c', '21.50', { retain: true, qos: 1 })
    await hear(secondProbe, last)
    await hear(secondProbe, last)
    expect(await retained()).toEqual([...meatMessages, 'root/status ONLINE'].sort())
  })

  it('is a probe in the object of its device', async () => {
    const { daemon, heard, retained } = await running((port) => [
      connection(port, 'Format = json', 'Retain = YES'),
      govee(),
    ])
    for (const packet of [bothProbes, secondProbe]) daemon.say(packet)
    const objects = () => heard.filter((message) => message.startsWith('root/govee/'))
    await vi.waitFor(() => expect(objects()).toHaveLength(2))
    const [before = '', after = ''] = objects()
    expect(before).toContain('"temperature_c":21.5')
    expect(after).not.toContain('"temperature_c":21.5')
    expect(await retained()).toEqual([after, 'root/status ONLINE'])
  })

  it('is withdrawn where it is retained only', async () => {
    const { hear } = await running((port) => [connection(port), govee()])
    await hear(bothProbes, last)
    expect(await hear(secondProbe, last)).toEqual(meatMessages)
  })

  it('is a thermometer that is gone, until it is back', async () => {
    const { root, write } = kernelFiles(slave)
    const { proxy, until, heard, retained, refreshed } = await running(
      (port) => [connection(port, 'Retain = YES', 'Level = DEBUG'), outside(root), other],
      'a proxy',
    )
    await until('root/outside 21.437')
    expect(await retained()).toContain('root/outside/status ONLINE')
    rmSync(join(root, device), { recursive: true })
    await until('root/outside ')
    expect((await retained()).filter((message) => message.includes('outside'))).toEqual([
      'root/outside/status OFFLINE',
    ])
    expect(await refreshed('root/other said')).not.toContain('root/outside 21.437')
    const before = heard.length
    proxy?.cut()
    await until('root/other said', before)
    await until('root/outside/status OFFLINE', before)
    expect(heard.slice(before).filter((message) => /^root\/outside /.test(message))).toEqual([])
    for (const [path, content] of Object.entries(slave)) write(path, content)
    await until('root/outside/status ONLINE', before)
    await until('root/outside 21.437', before)
    expect(heard.filter((message) => message === 'root/outside/status OFFLINE')).toHaveLength(2)
  })

  it('is what an earlier run has left of a thermometer that is not there', async () => {
    const { root } = kernelFiles({})
    const { client, until, retained } = await running((port) => [
      connection(port),
      outside(root, 'Retain = YES'),
    ])
    await client.publishAsync('root/outside', '21.437', { retain: true, qos: 1 })
    await until('root/outside ')
    expect(await retained()).toEqual(['root/outside/status OFFLINE', 'root/status ONLINE'])
  })

  it('is a section that is reloaded away, not one that goes on otherwise', async () => {
    const { root } = kernelFiles(slave)
    const of = (port: number, ...lines: string[]) => [connection(port), govee('Retain = YES', ...lines)]
    let own = 0
    const { hear, until, heard, retained, reload, refreshed } = await running((port) => [
      ...of((own = port)),
      outside(root, 'Retain = YES'),
    ])
    await hear(kitchen, 'root/govee/GVH5075_2233/rssi -61')
    await until('root/outside 21.437')
    await reload(of(own, 'Interval = 60'))
    await until('root/outside ')
    const kept = ['temp_c 21.7', 'temp_f 71.1', 'humi 50.2', 'battery 100', 'rssi -61'].map(
      (message) => `root/govee/GVH5075_2233/${message}`,
    )
    expect(heard).toContain('root/outside/status ')
    expect(await retained()).toEqual([...kept, 'root/status ONLINE'].sort())
    expect(await refreshed('root/govee/GVH5075_2233/rssi -61')).toEqual(kept)
    // What goes below another topic now is gone where it was.
    await reload(of(own).map((section) => section.replace('Destination = govee', 'Destination = new')))
    await until('root/govee/GVH5075_2233/rssi ')
    expect(await retained()).toEqual(['root/status ONLINE'])
  })

  it('stays with the broker over a stop', async () => {
    const { root } = kernelFiles(slave)
    const { daemon, until, retained } = await running((port) => [
      connection(port),
      outside(root, 'Retain = YES'),
    ])
    await until('root/outside 21.437')
    daemon.child.kill('SIGTERM')
    await daemon.exit
    expect(await retained()).toEqual([
      'root/outside 21.437',
      'root/outside/status ONLINE',
      'root/status OFFLINE',
    ])
  })
})

describe.skipIf(mosquittoMissing)('an event', () => {
  it.each([
    ['of a section that is retained', [], ['Retain = YES']],
    ['over a connection that retains', ['Retain = YES', 'QoS = 1'], []],
    ['in an object', ['Retain = YES', 'Format = json'], []],
  ])('%s is not retained', async (_, ofConnection, ofSection) => {
    const broker = await mosquitto()
    await broker.start()
    const live = await listener(broker.port)
    const file = temporaryFile(
      'event.ini',
      [connection(broker.port, ...ofConnection), govee(...ofSection)].join('\n\n'),
    )
    const daemon = program(['run', file, '--replay', '-'])
    await live.until('root/status ONLINE')
    daemon.say(press)
    const pressed = /button/
    await vi.waitFor(() => expect(live.heard.some((message) => pressed.test(message))).toBe(true))
    daemon.say(kitchen)
    await vi.waitFor(() => expect(live.heard.some((message) => message.includes('50.2'))).toBe(true))
    const late = await listener(broker.port)
    await late.client.publishAsync('end', '')
    await late.until('end ')
    expect(late.heard.filter((message) => pressed.test(message))).toEqual([])
    expect(late.heard.some((message) => message.includes('50.2'))).toBe(true)
  })
})
