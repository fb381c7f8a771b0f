import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { freePort } from '../../src/commands/demo.js'
import { listener } from '../support/listener.js'
import { program } from '../support/program.js'
import { userFolder } from './userFolder.js'

const files = ['scale/myscale.js', 'scale/myscale.test.js']

it('passes its test, as who reads src/ble/formats/README.md starts it', () => {
  // Under a test runner Node's own would report to that one.
  const env = { ...process.env, NODE_OPTIONS: undefined, NODE_TEST_CONTEXT: undefined }
  const { stdout, status } = spawnSync(process.execPath, ['--test', '--test-reporter=tap'], {
    cwd: userFolder(files),
    env,
    encoding: 'utf8',
  })
  expect(stdout).toContain('# pass 2')
  expect(status).toBe(0)
})

const heard =
  '{ "address": "c8:47:8c:11:22:33", "rssi": -58, "localName": "Scale", "manufacturerData": ["34126a0901"] }'

it('is read by scan and decode that get the configuration', async () => {
  const folder = userFolder([...files, 'attic.ini'], { './attic.js#Attic': './myscale.js#MyScale' })
  const [config, capture] = [join(folder, 'attic.ini'), join(folder, 'scale.jsonl')]
  writeFileSync(capture, heard)
  const decode = program(['decode', capture, '--config', config])
  const scan = program(['scan', config, '--replay', capture, '--speed', 'max'])
  expect([await decode.exit, await scan.exit]).toEqual([0, 0])
  expect(decode.lines.map((line) => line.startsWith('{') && (JSON.parse(line) as object))).toContainEqual({
    ...{ address: 'c8:47:8c:11:22:33', name: 'Scale', brand: 'MyScale', model: 'S1', rssi: -58 },
    weight_kg: 0.0241,
  })
  expect(scan.lines).toContain('c8:47:8c:11:22:33  Scale  MyScale  S1  -58 dBm  0.0241 kg')
})

it('is a class of a configuration', async () => {
  const port = await freePort(0)
  const folder = userFolder([...files, 'attic.ini'], {
    1883: `${port}`,
    './attic.js#Attic': './myscale.js#MyScale',
    'Destination = attic/temperature': 'Destination = kitchen',
    'Path = /sys/class/thermal/thermal_zone0/temp\n': '',
  })
  const daemon = program(['run', join(folder, 'attic.ini'), '--broker', '--replay', '-'], {
    MQTT_PASSWORD: 'password',
  })
  await daemon.until(/connected/)
  const broker = await listener(port, { username: 'user', password: 'password' })
  daemon.say(heard)
  await expect.poll(() => broker.heard).toContain('home/kitchen/Scale/weight_kg 0.0241')
})
