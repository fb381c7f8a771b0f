import { describe, expect, it } from 'vitest'
import { kernelFiles } from '../support/kernelFiles.js'
import { advertisement } from '../../src/testing/advertisement.js'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { temporaryFile } from '../support/program.js'
import { pwmChips } from '../support/pwmChips.js'
import { type Language, languages, runExample } from '../support/runExample.js'

/** A real broker, and an independent client that has heard that the example is there. */
async function onBroker(language: Language, name: string, replace: Readonly<Record<string, string>> = {}) {
  const broker = await mosquitto({ users: { user: 'password' } })
  await broker.start()
  const { client, heard, until } = await listener(broker.port, { username: 'user', password: 'password' })
  const example = await runExample(name, broker.port, replace, language)
  await until('sensor_reporter/status ONLINE')
  return {
    ...example,
    heard,
    client,
    until: (message: string, start = 0) => until(`sensor_reporter/${message}`, start),
  }
}

describe.skipIf(mosquittoMissing).each(languages)('config/examples, on a real broker: %s', (language) => {
  it('btle-presence says who is there and who has gone', async () => {
    const { hear, until, problems } = await onBroker(language, 'btle-presence', {
      'Timeout = 9': 'Timeout = 0.2',
    })
    expect(problems).toEqual([])
    hear('11:22:33:44:55:66')
    await until('dev2 ON')
    await until('dev2 OFF')
    await until('dev1 OFF')
  })

  it('bt-presence says who is there, and that it only listens', async () => {
    const { hear, until, problems } = await onBroker(language, 'bt-presence')
    expect(problems).toEqual([expect.stringContaining('this class no longer asks devices')])
    hear('AA:BB:CC:DD:EE:FF')
    await until('dev1 ON')
  })

  it('ble-sensor reports sensors of three brands, one corrected, one with its key', async () => {
    const { hearPacket, until, problems } = await onBroker(language, 'ble-sensor')
    expect(problems).toEqual([])
    hearPacket(advertisement({ brand: 'Ruuvi', address: 'cb:b8:33:4c:88:4f', temperature: 4.4 }))
    await until('balcony/temp_c 4')
    const event = { type: 'button', button: 0, action: 'double_press' } as const
    hearPacket(advertisement({ brand: 'BTHome', address: '3c:2e:f5:71:b4:0a', event }))
    await until('bell/button 0')
    await until('bell/button0 double_press')
    const key = '231d39c1d7cc1ab1aee224cd096db932'
    hearPacket(advertisement({ brand: 'Xiaomi', address: 'a4:c1:38:8f:41:d6', temperature: 23.4, key }))
    await until('bath/temp_c 23.4')
  })

  it('arp-presence says that the phone is on the network', async () => {
    const table = temporaryFile('arp', 'IP\n192.168.1.7 0x1 0x2 aa:bb:cc:dd:ee:ff * wlan0\n')
    const { until, problems } = await onBroker(language, 'arp-presence', {
      'Poll = 10': `Poll = 10\nPath = ${table}`,
    })
    expect(problems).toEqual([])
    await until('my_phone ON')
  })

  it('one-wire reports the temperature', async () => {
    const { root } = kernelFiles({
      '28-a66c801e64ff/w1_slave':
        '57 01 4b 46 7f ff 09 10 70 : crc=70 YES\n57 01 4b 46 7f ff 09 10 70 t=21437\n',
    })
    const { until, problems } = await onBroker(language, 'one-wire', {
      'Poll = 10': `Poll = 10\nPath = ${root}`,
    })
    expect(problems).toEqual([])
    await until('temp/outside 21.437')
  })

  it('dht reports temperature and humidity', async () => {
    const { root } = kernelFiles({
      'iio:device0/name': 'dht11@7\n',
      'iio:device0/in_temp_input': '21500\n',
      'iio:device0/in_humidityrelative_input': '48300\n',
    })
    const { until, problems } = await onBroker(language, 'dht', { 'Poll = 2': `Poll = 2\nPath = ${root}` })
    expect(problems).toEqual([])
    await until('temperature 70.7')
    await until('humidity 48.3')
  })

  it('aht20 reports temperature and humidity', async () => {
    const { root } = kernelFiles({
      'hwmon0/name': 'aht20\n',
      'hwmon0/temp1_input': '21536\n',
      'hwmon0/humidity1_input': '48312\n',
    })
    const { until, problems } = await onBroker(language, 'aht20', {
      'Poll = 10': `Poll = 10\nPath = ${root}`,
    })
    expect(problems).toEqual([])
    const messages =
      language === 'yml'
        ? ['climate {"temperature": 21.54, "temperature_unit": "C", "humidity": 48.312}']
        : ['temperature 21.54', 'humidity 48.312']
    for (const message of messages) await until(message)
  })

  it('gpio-doors reports both doors, and the presses of the one with their time', async () => {
    const { wire, until, heard, problems } = await onBroker(language, 'gpio-doors', {
      'Long_Press-Threshold = 1.2': 'Long_Press-Threshold = 60',
      'Poll = 1': 'Poll = 0.01',
    })
    expect(problems).toEqual([])
    await until('back_door OPEN')
    await until('front_door ON')
    wire(18, 'LOW')
    await until('front_door OFF')
    wire(17, 'LOW')
    await until('back_door CLOSED')
    const before = heard.length
    wire(17, 'HIGH')
    await until('back_door OPEN', before)
    // What comes after the press is heard after it.
    wire(18, 'HIGH')
    await until('front_door ON', before)
    expect(heard.join('\n')).toMatch(/^sensor_reporter\/back_door_short \d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}$/m)
  })

  it('gpio-garage presses the button, whatever the command', async () => {
    const { client, driven, problems } = await onBroker(language, 'gpio-garage')
    expect(problems).toEqual([])
    await driven.until((line) => line === '19 HIGH')
    await client.publishAsync('sensor_reporter/GarageDoorCmd', 'open sesame')
    await driven.until((line) => line === '19 LOW')
    await driven.until((line) => line === '19 HIGH', 2)
    expect(driven.entries).toEqual(['19 HIGH', '19 LOW', '19 HIGH'])
  })

  it('color-led becomes what MQTT says, and says so', async () => {
    const pins = [17, 27, 22]
    const chips = pins.map((line) => ({ device: `pwm_gpio@${line}`, channels: [0], line }))
    const { root, share } = pwmChips(chips)
    const { client, until, problems } = await onBroker(language, 'color-led', {
      'InvertOut = ': `Path = ${root}\nInvertOut = `,
    })
    expect(problems).toEqual([])
    await until('strip/is 240,100,20')
    const steps: readonly [string, string, readonly number[]][] = [
      ['120,100,50', '120,100,50', [0, 50, 0]],
      ['30', '120,100,30', [0, 30, 0]],
      ['TOGGLE', '120,100,0', [0, 0, 0]],
      ['ON', '120,100,100', [0, 100, 0]],
    ]
    for (const [command, state, shares] of steps) {
      await client.publishAsync('sensor_reporter/strip', command)
      await until(`strip/is ${state}`)
      expect(chips.map((_, chip) => share(chip))).toEqual(shares)
    }
  })

  it('pwm-board is commanded by MQTT and toggled by a button', async () => {
    const { root, share } = pwmChips([{ device: '1-0040', channels: [3] }])
    const { client, until, wire, logged, heard, problems } = await onBroker(language, 'pwm-board', {
      'Long_Press-Threshold = 0.4': 'Long_Press-Threshold = 60',
      'InvertOut = ': `Path = ${root}\nSmoothChangeInterval = 0.001\nDimDelay = 60\nInvertOut = `,
    })
    expect(problems).toEqual([])
    await until('shelf/is 0')
    await client.publishAsync('sensor_reporter/shelf', '40')
    await until('shelf/is 40')
    expect(share(0, 3)).toBeCloseTo(40, 3)
    const before = heard.length
    wire(17, 'LOW')
    await logged(/GPIO 17 is LOW/)
    wire(17, 'HIGH')
    await until('shelf/is 0', before)
  })

  it('relay-board switches the pump, and says so', async () => {
    const { client, until, driven, problems } = await onBroker(language, 'relay-board')
    expect(problems).toEqual([])
    await until('pump/is OFF')
    await client.publishAsync('sensor_reporter/pump', 'ON')
    await until('pump/is ON')
    expect(driven.entries).toEqual(['103 LOW', '103 HIGH'])
  })

  it('light-switch switches the light by button and by MQTT, and always says how it is', async () => {
    const { wire, client, until, driven, lines, logged, problems, heard } = await onBroker(
      language,
      'light-switch',
    )
    expect(problems).toEqual([])
    await until('garage_light OFF')
    wire(17, 'LOW')
    await logged(/GPIO 17 is LOW/)
    wire(17, 'HIGH')
    await logged(/GPIO 17 is HIGH/, lines.length)
    wire(17, 'LOW')
    await driven.until((line) => line === '19 HIGH')
    await until('garage_light ON')
    await client.publishAsync('sensor_reporter/garage_light', 'OFF')
    await driven.until((line) => line === '19 LOW', 1)
    expect(driven.entries).toEqual(['19 LOW', '19 HIGH', '19 LOW'])
    expect(lines.filter((line) => /loop/.test(line))).toEqual([])
    expect(heard.filter((message) => message.includes('some_lightswitch'))).toEqual([])
  })

  it('led-follows-door needs no broker', async () => {
    const { wire, driven, problems } = await runExample('led-follows-door', undefined, {}, language)
    expect(problems).toEqual([])
    await driven.until((line) => line === '17 HIGH')
    wire(4, 'LOW')
    await driven.until((line) => line === '17 LOW', 2)
    expect(driven.entries).toEqual(['17 LOW', '17 HIGH', '17 LOW'])
  })
})
