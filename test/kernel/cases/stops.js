import { writeFileSync } from 'node:fs'
import { livingRoom } from '../air.js'
import { configuration, thermometers } from '../daemon.js'
import { opcodes } from '../controller.js'
import { expect, until } from '../waiting.js'
import { asService } from './silence.js'

const { enable, reset } = opcodes

const heartbeat = '[SensorHeart]\nClass = heartbeat.heartbeat.Heartbeat\nDest-Num = heart\nPoll = 1\n'

/** Has the program stop, and looks at what it leaves behind. */
async function stopWell(program, { topics }, seconds = 6) {
  const stopped = await program.stop()
  expect('the exit code', stopped.code, 0)
  // Five, and what an emulated machine takes to end a process.
  expect(`a stop within ${seconds} s`, stopped.seconds < seconds || stopped.seconds, true)
  expect('the status that is retained', await topics.retained('status'), 'OFFLINE')
  expect('the state that is retained', await topics.retained('bluetooth'), 'STOPPED')
}

/** How the program ends and goes on. */
export const stops = {
  'SIGTERM while it listens': async (stand) => {
    const dongle = await stand.plug()
    const program = stand.daemon({})
    await stand.hears()
    await stopWell(program, stand)
    expect('to scan', dongle.state.scanning, false)
    expect('the adapter', (await stand.run('hciconfig', dongle.name)).said, /UP RUNNING/)
  },
}
