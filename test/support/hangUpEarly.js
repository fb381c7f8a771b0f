// Loaded into the program by `node --import`: it gets a SIGHUP as soon as it loads anything beside dist/cli.js.
import { register } from 'node:module'

const hooks = `
let sent = false
export function resolve(name, context, next) {
  if (!sent && name.startsWith('./program/')) {
    sent = true
    process.kill(process.pid, 'SIGHUP')
  }
  return next(name, context)
}`

register(`data:text/javascript,${encodeURIComponent(hooks)}`)
