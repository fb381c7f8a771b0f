// Ten pages that are open, in a process of their own: node pageReaders.js PORT. Tells its parent when they have begun and, when it is
// asked, how long (ms) readings took to come to the first of them.
import { get } from 'node:http'

const delays = []
let begun = 0
for (let page = 0; page < 10; page += 1)
  get(`http://127.0.0.1:${process.argv[2]}/events`, { agent: false }, (response) => {
    let rest = ''
    response.setEncoding('utf8').on('data', (text) => {
      const frames = (rest + text).split('\n\n')
      rest = frames.pop()
      const now = Date.now()
      for (const frame of frames) {
        const [name, data] = frame.split('\ndata: ')
        if (name.endsWith('all') && ++begun === 10) process.send('open')
        if (page === 0 && name.endsWith('news'))
          for (const [, , at] of JSON.parse(data).said ?? []) delays.push(now - at)
      }
    })
  })
process.on('message', () => process.send({ delays: delays.splice(0) }))
process.on('disconnect', () => process.exit())
