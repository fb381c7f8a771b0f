import { spawn } from 'node:child_process'
import { chmodSync, chownSync } from 'node:fs'
import { asService, configuration, section, thermometers } from '../daemon.js'
import { headerChip } from '../gpioSim.js'
import { expect, pause, until } from '../waiting.js'

const [doorPin, bellPin, lampPin, gatePin] = [17, 4, 27, 22]

const sensor = (name, Pin, parameters) =>
  section(`Sensor${name}`, { Class: 'gpio.rpi_gpio.RpiGpioSensor', Pin, ...parameters })

const actuator = (name, Pin, parameters) =>
  section(`Actuator${name}`, { Class: 'gpio.rpi_gpio.RpiGpioActuator', Pin, ...parameters })

const door = sensor('Door', doorPin, { PUD: 'UP', Destination: 'door', EventDetection: 'BOTH' })

const bell = (more = {}) => sensor('Bell', bellPin, { PUD: 'UP', 'Short_Press-Dest': 'bell/short', ...more })

const lamp = actuator('Lamp', lampPin, { CommandSrc: 'lamp' })

const gate = actuator('Gate', gatePin, { CommandSrc: 'gate', SimulateButton: 'YES' })

/** The user of the service may use what this group owns. */
const gpioGroup = 4243

/** A daemon with such sections, and the chip that their pins are on. */
async function wired(stand, sections, options) {
  const chip = headerChip()
  stand.later(chip.close)
  const program = stand.daemon(undefined, { sections, ...options })
  await stand.topics.becomes('status', 'ONLINE')
  return { chip, program }
}

const driven = (chip, pin, isHigh) =>
  until(`GPIO ${pin} to be ${isHigh ? 'HIGH' : 'LOW'}`, () => chip.isHigh(pin) === isHigh, {
    got: () => chip.isHigh(pin),
  })

/** Waits until a program holds so many pins. */
const held = (program, count) =>
  until(
    `${count} pins to be held`,
    () => program.holds().filter((name) => name.includes('gpio')).length === count,
    { got: program.holds },
  )

/** What a line does while something else happens: the levels it has had. */
async function watched(chip, pin, meanwhile) {
  const levels = [chip.isHigh(pin)]
  const timer = setInterval(() => {
    const level = chip.isHigh(pin)
    if (level !== levels.at(-1)) levels.push(level)
  }, 1)
  await meanwhile()
  clearInterval(timer)
  return levels
}

/** Pins of the kernel's own simulated chip. */
export const gpio = {
  'a level is published at the start, and whenever it changes': async (stand) => {
    const { topics } = stand
    const { chip } = await wired(stand, door)
    await topics.becomes('door', 'OPEN')
    await topics.becomes('door/status', 'ONLINE')
    for (const [isHigh, value] of [
      [false, 'CLOSED'],
      [true, 'OPEN'],
      [false, 'CLOSED'],
    ]) {
      chip.pull(doorPin, isHigh)
      await topics.becomes('door', value)
    }
    expect('all that was published', topics.valuesOf('door'), ['OPEN', 'CLOSED', 'OPEN', 'CLOSED'])
  },

  'a level that does not stay for Debounce does not count': async (stand) => {
    const { topics } = stand
    const { chip } = await wired(
      stand,
      sensor('Door', doorPin, { PUD: 'UP', Destination: 'door', EventDetection: 'BOTH', Debounce: 0.5 }),
    )
    await topics.becomes('door', 'OPEN')
    for (let count = 0; count < 20; count += 1) {
      chip.pull(doorPin, false)
      chip.pull(doorPin, true)
    }
    chip.pull(doorPin, false)
    await topics.becomes('door', 'CLOSED')
    expect('all that was published', topics.valuesOf('door'), ['OPEN', 'CLOSED'])
  },

  'short and long presses of a button': async (stand) => {
    const { topics } = stand
    const { chip, program } = await wired(
      stand,
      bell({ 'Long_Press-Dest': 'bell/long', 'Long_Press-Threshold': 1.5 }),
    )
    await held(program, 1)
    const press = async (seconds) => {
      chip.pull(bellPin, false)
      await pause(seconds)
      chip.pull(bellPin, true)
    }
    await press(0.1)
    await topics.becomes('bell/short', /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/)
    await press(2)
    await topics.becomes('bell/long', /^20\d\d-/)
    expect('short presses', topics.valuesOf('bell/short').length, 1)
    expect('long presses', topics.valuesOf('bell/long').length, 1)
    expect('what is retained', await topics.retained('bell/short'), undefined)
  },

  'changes that came too fast for the kernel are said to be lost, and the level is right': async (stand) => {
    const { topics } = stand
    const { chip, program } = await wired(
      stand,
      sensor('Door', doorPin, { PUD: 'UP', Destination: 'door', EventDetection: 'BOTH', Debounce: 0 }),
    )
    await topics.becomes('door', 'OPEN')
    program.kill('SIGSTOP')
    // It keeps 1024 of them, and itself misses some of those that come while it notes one.
    for (let count = 0; count < 6000; count += 1) {
      chip.pull(doorPin, count % 2 === 1)
      if (count % 10 === 0) await pause(0)
    }
    chip.pull(doorPin, false)
    program.kill('SIGCONT')
    await program.says(/\d+ changes came too fast and are lost/)
    await topics.becomes('door', 'CLOSED')
  },

  'a lamp is switched on, off and over, and says so': async (stand) => {
    const { topics } = stand
    const { chip } = await wired(stand, lamp)
    await topics.becomes('lamp', 'OFF')
    for (const [command, isHigh, state] of [
      ['ON', true, 'ON'],
      ['OFF', false, 'OFF'],
      ['TOGGLE', true, 'ON'],
    ]) {
      await topics.command('lamp', command)
      await driven(chip, lampPin, isHigh)
      await topics.becomes('lamp', state)
    }
  },

  'a press of a button switches a lamp over': async (stand) => {
    const { topics } = stand
    const { chip, program } = await wired(
      stand,
      bell() + actuator('Lamp', lampPin, { CommandSrc: 'lamp', ToggleCommandSrc: 'bell/short' }),
    )
    await topics.becomes('lamp', 'OFF')
    await held(program, 2)
    for (const isHigh of [true, false]) {
      chip.pull(bellPin, false)
      await pause(0.1)
      chip.pull(bellPin, true)
      await driven(chip, lampPin, isHigh)
      await topics.becomes('lamp', isHigh ? 'ON' : 'OFF')
      await pause(0.5)
    }
  },

  'InvertOut and InitialState say which level is ON, and which comes first': async (stand) => {
    const { topics } = stand
    const { chip } = await wired(
      stand,
      actuator('Lamp', lampPin, { CommandSrc: 'lamp', InvertOut: 'YES', InitialState: 'HIGH' }),
    )
    await topics.becomes('lamp', 'OFF')
    expect('GPIO 27', chip.isHigh(lampPin), true)
    await topics.command('lamp', 'ON')
    await driven(chip, lampPin, false)
    await topics.becomes('lamp', 'ON')
  },

  'a simulated button is let go after half a second': async (stand) => {
    const { chip, program } = await wired(stand, gate)
    await held(program, 1)
    const began = performance.now()
    await stand.topics.command('gate', 'ON')
    await driven(chip, gatePin, true)
    const pressed = performance.now()
    await driven(chip, gatePin, false)
    expect('half a second at least', performance.now() - began >= 450, true)
    stand.note(`pressed for ${Math.round(performance.now() - pressed)} ms`)
  },

  'an output falls back when the program ends, however it does': async (stand) => {
    const { daemon, topics } = stand
    const sections = actuator('Lamp', lampPin, { CommandSrc: 'lamp', InitialState: 'ON' })
    const { chip, program } = await wired(stand, sections)
    await driven(chip, lampPin, true)
    expect('the exit code', (await program.stop()).code, 0)
    await driven(chip, lampPin, false)
    await topics.becomes('status', 'OFFLINE')
    const again = daemon(undefined, { sections })
    await topics.becomes('lamp', 'ON')
    await driven(chip, lampPin, true)
    again.kill('SIGKILL')
    await driven(chip, lampPin, false)
  },

  'a pin that somebody else holds: who, and it is used once they have let go': async (stand) => {
    const { later, topics } = stand
    const chip = headerChip()
    later(chip.close)
    const holder = spawn('gpioset', ['--mode=signal', chip.name, `${doorPin}=1`], { stdio: 'ignore' })
    later(() => holder.kill('SIGKILL'))
    await driven(chip, doorPin, true)
    const program = stand.daemon(undefined, { sections: door + lamp })
    await program.says(/expected GPIO 17 to be free, but "gpioset" holds it: end that, or choose another Pin/)
    await topics.becomes('door/status', 'OFFLINE')
    // The others do not mind.
    await topics.command('lamp', 'ON')
    await driven(chip, lampPin, true)
    const ended = new Promise((resolve) => holder.once('close', resolve))
    holder.kill('SIGTERM')
    await ended
    await topics.becomes('door', /OPEN|CLOSED/)
    await topics.becomes('door/status', 'ONLINE')
  },

  'a relay keeps its level while actuators come and go by SIGHUP': async (stand) => {
    const { hears, plug, topics } = stand
    await plug()
    const { chip, program } = await wired(stand, thermometers + lamp)
    await topics.command('lamp', 'ON')
    await driven(chip, lampPin, true)
    await hears()
    const levels = await watched(chip, lampPin, async () => {
      await program.reload(configuration({ sections: thermometers + lamp + gate }))
      await held(program, 2)
      await topics.command('gate', 'ON')
      await driven(chip, gatePin, true)
      await program.reload(configuration({ sections: thermometers + lamp }))
      await held(program, 1)
    })
    expect('the levels of the relay', levels, [true])
    expect('status', topics.valuesOf('status'), ['ONLINE'])
    expect('bluetooth', topics.valuesOf('bluetooth'), ['LISTENING'])
    await topics.command('lamp', 'OFF')
    await driven(chip, lampPin, false)
    await hears()
  },

  'a relay keeps its level while sensors come and go by SIGHUP': async (stand) => {
    const { topics } = stand
    const { chip, program } = await wired(stand, lamp)
    await topics.command('lamp', 'ON')
    await driven(chip, lampPin, true)
    const levels = await watched(chip, lampPin, async () => {
      await program.reload(configuration({ sections: lamp + door }))
      await topics.becomes('door', 'OPEN')
      await program.reload(configuration({ sections: lamp }))
      await held(program, 1)
    })
    expect('the levels of the relay', levels, [true])
    expect('status', topics.valuesOf('status'), ['ONLINE'])
  },

  'the group gpio is enough, and without it the log says so': async (stand) => {
    const { topics } = stand
    const chip = headerChip()
    stand.later(chip.close)
    chownSync(chip.path, 0, gpioGroup)
    chmodSync(chip.path, 0o660)
    const refused = stand.daemon(undefined, { sections: door, through: asService(), client: 'attic' })
    await refused.says(
      /\/dev\/gpiochip\d cannot be opened: add the user to the group gpio: sudo adduser USER gpio/,
    )
    await refused.stop()
    stand.daemon(undefined, { sections: door, through: asService(gpioGroup) })
    await topics.becomes('door', 'OPEN')
  },

  'a machine without pins says so, and goes on': async ({ daemon, topics }) => {
    const program = daemon(undefined, { sections: door })
    await program.says(/this machine shows no GPIO: there is no \/dev\/gpiochip\*/)
    await topics.becomes('door/status', 'OFFLINE')
    expect('the program to run', program.isRunning(), true)
  },
}
