import { copyFileSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { freePort } from '../../src/commands/freePort.js'
import { listener } from '../support/listener.js'
import { program, temporaryFile } from '../support/program.js'

const repository = fileURLToPath(new URL('../..', import.meta.url))

it('attic.ini reports what its plug-in attic.js reads', async () => {
  const port = await freePort(0)
  const zone = temporaryFile('temp', '21437\n')
  const text = readFileSync(join(repository, 'test/examples/attic.ini'), 'utf8')
    .replace('1883', `${port}`)
    .replace('/sys/class/thermal/thermal_zone0/temp', zone)
  const ini = temporaryFile('attic.ini', text)
  copyFileSync(join(repository, 'test/examples/attic.js'), join(dirname(ini), 'attic.js'))
  mkdirSync(join(dirname(ini), 'node_modules'))
  symlinkSync(repository, join(dirname(ini), 'node_modules/sensor-reporter'))

  const daemon = program(['run', ini, '--broker', '--replay', '-'], { MQTT_PASSWORD: 'password' })
  await daemon.until(/connected/)
  const { client, heard } = await listener(port, { username: 'user', password: 'password' })
  await client.publishAsync('home/refresh', '')
  await expect.poll(() => heard).toContain('home/attic/temperature 21.4')
})
