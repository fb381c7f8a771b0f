import { field } from './field.js'

/** Bluetooth adapters by their Linux names: `hci0,hci1`. */
export const adapters = field(
  'one adapter or several with commas between them, such as hci0,hci1',
  (text) => {
    const names = text.split(',').map((name) => name.trim().toLowerCase())
    const isList = names.every((name) => /^hci\d{1,3}$/.test(name)) && new Set(names).size === names.length
    return isList ? names : undefined
  },
)
