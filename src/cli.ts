#!/usr/bin/env node
// What an older Node cannot read may neither stand here nor be imported here: it is to get a sentence, not a stack trace.
if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(
    `Node 20 or newer is needed, this is ${process.versions.node}: "node --version" says which one is installed, README.md ("Install") how to get a newer one.`,
  )
  process.exitCode = 3
} else {
  // SIGHUP has `run` read its file anew, and must not end it while it is still being loaded. Other commands get it back.
  let hungUp = false
  process.on('SIGHUP', () => (hungUp = true))
  // Scripts that rotate logs send these. By default the first opens a debugger, and the others end the process.
  for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGALRM']) process.on(signal, () => undefined)
  void import('./commands/commandLine.js').then(({ commandLine }) => commandLine(() => hungUp))
}
