// A chip with pins that the cases are wired to, through the module gpio-sim.
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'

/** The chip of the 40-pin header, as the kernel of a Raspberry Pi calls it. */
export function headerChip() {
  const folder = '/sys/kernel/config/gpio-sim/header'
  const bank = `${folder}/bank0`
  mkdirSync(bank, { recursive: true })
  writeFileSync(`${bank}/num_lines`, '54')
  writeFileSync(`${bank}/label`, 'pinctrl-bcm2835')
  writeFileSync(`${folder}/live`, '1')
  const read = (file) => readFileSync(file, 'utf8').trim()
  const name = read(`${bank}/chip_name`)
  const lines = `/sys/devices/platform/${read(`${folder}/dev_name`)}/${name}`
  return {
    name,
    path: `/dev/${name}`,
    /** Wires a line to ground or to the supply. */
    pull: (line, isHigh) => writeFileSync(`${lines}/sim_gpio${line}/pull`, isHigh ? 'pull-up' : 'pull-down'),
    /** The level of a line, whoever drives it. */
    isHigh: (line) => read(`${lines}/sim_gpio${line}/value`) === '1',
    /** Only once nobody holds a line: with this kernel both sides would wait for each other for good. */
    close: () => {
      writeFileSync(`${folder}/live`, '0')
      rmdirSync(bank)
      rmdirSync(folder)
    },
  }
}
