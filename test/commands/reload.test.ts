import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { program, temporaryFile } from '../support/program.js'

/** A plug-in that says when it is loaded, which may take its time, and when it runs. */
const plugin = (name: string, wait = '') => `
console.log('${name} is being loaded')
${wait}
console.log('${name} is loaded')
export const Own = {
  kind: 'sensors',
  summary: 'It says that it runs.',
  options: { shape: {}, safeParse: (data) => ({ success: true, data }) },
  create: (options, { log }) => {
    log.info('${name} runs')
    return new Promise(() => undefined)
  },
}`
const slow = plugin('slow', 'await new Promise((resolve) => setTimeout(resolve, 1000))')

/** The daemon with a plug-in, whose file can be replaced. */
function running(text: string) {
  const ini = temporaryFile('x.ini', '[Sensor1]\nClass = ./own.mjs#Own\n')
  const write = (changed: string) => writeFileSync(join(dirname(ini), 'own.mjs'), changed)
  write(text)
  return { write, daemon: program(['run', ini, '--replay', '-']) }
}

describe('a reload', () => {
  it('reads a plug-in again whose file has changed; while that is broken, the one before goes on', async () => {
    const { write, daemon } = running(plugin('first'))
    await daemon.until(/first runs/)
    write('throw new Error("not ready")')
    daemon.child.kill('SIGHUP')
    await daemon.until(/x\.ini:2: error: \[Sensor1\] Class: .*Error: not ready \(own\.mjs:1\): mend it/)
    await daemon.until(/the configuration read before goes on/)
    write(plugin('second'))
    daemon.child.kill('SIGHUP')
    await daemon.until(/second runs/)
  })

  it('that is asked for while another one reads wins', async () => {
    const { write, daemon } = running(plugin('first'))
    await daemon.until(/first runs/)
    write(slow)
    daemon.child.kill('SIGHUP')
    await daemon.until(/slow is being loaded/)
    write(plugin('second'))
    daemon.child.kill('SIGHUP')
    await daemon.until(/second runs/)
    await daemon.until(/slow is loaded/)
    daemon.child.kill('SIGTERM')
    expect(await daemon.exit).toBe(0)
    expect(daemon.lines.join('\n')).not.toContain('slow runs')
    expect(daemon.lines.filter((line) => line.includes('has been read again'))).toHaveLength(1)
  })

  it('that is asked for during the start is what is started', async () => {
    const { write, daemon } = running(slow)
    await daemon.until(/slow is being loaded/)
    write(plugin('second'))
    daemon.child.kill('SIGHUP')
    await daemon.until(/second runs/)
    await daemon.until(/slow is loaded/)
    daemon.child.kill('SIGTERM')
    expect(await daemon.exit).toBe(0)
    expect(daemon.lines.join('\n')).not.toContain('slow runs')
  })
})

describe('a stop', () => {
  it('does not wait for a plug-in that never loads', async () => {
    const { daemon } = running(plugin('endless', 'await new Promise(() => undefined)'))
    await daemon.until(/endless is being loaded/)
    daemon.child.kill('SIGTERM')
    expect(await daemon.exit).toBe(0)
  })
})
