import { join } from 'node:path'
import { expect, it } from 'vitest'
import { freePort } from '../../src/commands/demo.js'
import { listener } from '../support/listener.js'
import { program, temporaryFile } from '../support/program.js'
import { userFolder } from './userFolder.js'

it('attic.ini reports what its plug-in attic.js reads', async () => {
  const port = await freePort(0)
  const folder = userFolder(['attic.ini', 'attic.js'], {
    1883: `${port}`,
    'Path = /sys/class/thermal/thermal_zone0/temp': `Path = ${temporaryFile('temp', '21437\n')}`,
  })
  const daemon = program(['run', join(folder, 'attic.ini'), '--broker', '--replay', '-'], {
    MQTT_PASSWORD: 'password',
  })
  await daemon.until(/connected/)
  const { client, heard } = await listener(port, { username: 'user', password: 'password' })
  await client.publishAsync('home/refresh', '')
  await expect.poll(() => heard).toContain('home/attic/temperature 21.4')
})
