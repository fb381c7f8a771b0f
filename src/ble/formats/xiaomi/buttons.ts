import type { BleEvent, ButtonAction, Measurement } from '../../measurement.js'
import { type Payload, uint8 } from '../payload.js'

type Said = Pick<Measurement, 'events'>

/** The buttons that each value stands for; undefined where there is one, whatever the value. */
type Buttons = readonly (readonly number[])[] | undefined

const usual: readonly ButtonAction[] = ['press', 'double_press', 'long_press']

/** The other way round than all others. */
const ofK9b: readonly ButtonAction[] = ['press', 'long_press', 'double_press']

/** By model, of object 1001: what its last byte means, and what its first. */
const remotes: Readonly<Record<string, readonly [actions: readonly ButtonAction[], buttons?: Buttons]>> = {
  YLAI003: [usual],
  SJWS01LM: [usual],
  JTYJGD03MI: [usual],
  RTCGQ02LM: [usual],
  YLYK01YL: [usual, [[0], [1], [2], [3], [4], [5]]],
  'K9B-1BTN': [ofK9b, [[0]]],
  'K9B-2BTN': [ofK9b, [[0], [1], [0, 1]]],
  'K9B-3BTN': [ofK9b, [[0], [1], [2], [0, 1], [1, 2], [0, 2], [0, 1, 2]]],
}

/** Object 1001, `00 00 02`: which button, a value, and how it was used. */
export function button(payload: Payload, model: string): Said {
  const [which, value, how] = [uint8(payload, 0), uint8(payload, 1), uint8(payload, 2)]
  if (model === 'YLKG07YL') return knob(which, value, how)
  const [actions = [], buttons] = remotes[model] ?? []
  return pressed(buttons ? buttons[which] : [0], actions[how])
}

/** The YLKG07YL is turned and pressed. Turned while it is pressed, it has another first byte. */
function knob(which: number, value: number, how: number): Said {
  if (how === 3) return pressed([0], which === 0 ? 'press' : which === 1 ? 'long_press' : undefined)
  if (how !== 4 || which !== 0) return {}
  const turned: BleEvent =
    value < 128
      ? { type: 'dimmer', action: 'rotate_right', steps: value }
      : { type: 'dimmer', action: 'rotate_left', steps: 256 - value }
  return { events: [turned] }
}

/** By model: the first byte of its objects xx0C, xx0D and xx0E, and what their value means. */
const switches: Readonly<Record<string, readonly [family: number, buttons?: Buttons]>> = {
  PTX: [0x4a],
  XMWS01XS: [0x4a, [[0], [1]]],
  XMWXKG01LM: [0x4e],
  XMWXKG01YL: [0x4e, [[], [0], [1], [0, 1]]],
  KS1: [0x56, [[], [0], [1], [2], [3]]],
  KS1BP: [0x56, [[], [0], [1], [2], [3]]],
  KS2BB: [0x56],
}

/** The objects in which a switch was pressed. Some have no value; thermometers send the same for other things. */
export const switchObjects = [0x4a, 0x4e, 0x56].flatMap((family) =>
  usual.map((action, at) => {
    const read = (payload: Payload, model: string): Said => {
      const isEmpty = payload.record.length === payload.start
      if (model === 'K9BB' && family === 0x4e && at === 0)
        return pressed([0], isEmpty ? 'press' : actionsOfK9bb[uint8(payload, 0)])
      const [own, buttons] = switches[model] ?? []
      if (own !== family) return {}
      return pressed(isEmpty || !buttons ? [0] : buttons[uint8(payload, 0)], action)
    }
    return [(family << 8) | (0x0c + at), [0, read]] as const
  }),
)

const actionsOfK9bb: Readonly<Record<number, ButtonAction>> = {
  1: 'press',
  8: 'long_press',
  15: 'double_press',
}

/** Object 4A13 of the door sensor that has a button. */
export const ms1bb = (payload: Payload, model: string): Said =>
  pressed(model === 'MS1BB' && uint8(payload, 0) === 1 ? [0] : [], 'press')

function pressed(buttons: readonly number[] = [], action: ButtonAction | undefined): Said {
  return action ? { events: buttons.map((each) => ({ type: 'button', button: each, action })) } : {}
}
