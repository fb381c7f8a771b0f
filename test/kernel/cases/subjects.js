import { adapters } from './adapters.js'
import { bluetooth5 } from './bluetooth5.js'
import { commands } from './commands.js'
import { gpio } from './gpio.js'
import { machine } from './machine.js'
import { scans } from './scans.js'
import { silence } from './silence.js'
import { stops } from './stops.js'

/** A guest for each; those that take longest come first. */
export const subjects = { adapters, silence, scans, stops, bluetooth5, gpio, machine, commands }
