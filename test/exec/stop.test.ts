import { describe, expect, it } from 'vitest'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { program, temporaryFile } from '../support/program.js'
import { mqttSection } from './mqttSection.js'
import { processesWith } from './processesWith.js'
import { processWord } from './processWord.js'

const loop = 'while :; do sleep 0.1; done'

const scripts = {
  'one that ignores SIGTERM': `trap "" TERM\n${loop}\n`,
  'one that has forked': `sh -c '${loop}' "$0" "$1" &\n${loop}\n`,
  'one that writes for ever': 'while :; do echo "$0"; done\n',
}

const config = (port: number, command: string) => `${mqttSection(port)}
[Actuator1]
Class = exec.exec_actuator.ExecActuator
Connection = MQTT
Command = ${command}
CommandSrc = do
ResultsDest = done
Timeout = 600
`

describe.skipIf(mosquittoMissing)('a stop of the daemon', () => {
  it.each(Object.entries(scripts))('ends the process that it has started: %s', async (_name, script) => {
    const broker = await mosquitto()
    await broker.start()
    const { client, until } = await listener(broker.port)
    const word = processWord()
    const file = temporaryFile('x.ini', config(broker.port, `sh ${temporaryFile('script', script)} ${word}`))
    const daemon = program(['run', file])
    await until('root/status ONLINE')
    // Commands are heard from ONLINE's acknowledgement on.
    await expect
      .poll(
        async () => {
          await client.publishAsync('root/do', 'NA')
          return processesWith(word).length
        },
        { timeout: 20_000 },
      )
      .toBeGreaterThan(0)
    const asked = performance.now()
    daemon.child.kill('SIGTERM')
    expect(await daemon.exit).toBe(0)
    // The contract's bound, not a measurement.
    expect(performance.now() - asked).toBeLessThan(5000)
    await expect.poll(() => processesWith(word), { timeout: 20_000 }).toEqual([])
  })
})
