import { choice } from '../config/fields/choice.js'
import { integer } from '../config/fields/integer.js'

/** The parameters that say which line a section means; `PinNumbering` usually stands under `[DEFAULT]`. */
export const pinOptions = {
  Pin: integer(0, 53).describe('the pin, numbered as PinNumbering says'),
  PinNumbering: choice('BCM', 'BOARD')
    .prefault('BCM')
    .describe('BCM for GPIO numbers, BOARD for the numbers of the pins on the 40-pin header'),
}
