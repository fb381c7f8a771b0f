// A stand-in for a broker that does nothing but count: it answers CONNECT, SUBSCRIBE, QoS 1 and PINGREQ, and notes when each
// PUBLISH came. The parent asks by message: { wait: N } is answered with the arrival times when N have come.
import { createServer } from 'node:net'

let arrivals = []
let waiting
const now = () => Number(process.hrtime.bigint()) / 1e6

const answers = {
  1: () => Buffer.from([0x20, 2, 0, 0]),
  8: (body) => Buffer.from([0x90, 3, body[0], body[1], 0]),
  12: () => Buffer.from([0xd0, 0]),
}

function counted() {
  if (waiting === undefined || arrivals.length < waiting) return
  process.send({ arrivals: arrivals.slice(0, waiting) })
  waiting = undefined
}

const server = createServer((socket) => {
  let rest = Buffer.alloc(0)
  socket.setNoDelay().on('error', () => undefined)
  socket.on('data', (chunk) => {
    const at = now()
    const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let offset = 0
    for (;;) {
      let length = 0
      let size = 1
      let byte = 0x80
      for (let shift = 0; byte & 0x80 && offset + size < data.length; shift += 7, size += 1) {
        byte = data[offset + size]
        length |= (byte & 0x7f) << shift
      }
      if (byte & 0x80 || offset + size + length > data.length) break
      const type = data[offset] >> 4
      const body = data.subarray(offset + size, offset + size + length)
      if (type === 3) {
        // Retained messages are ONLINE and OFFLINE: no readings.
        if ((data[offset] & 1) === 0) arrivals.push(at)
        if (data[offset] & 2) {
          const topic = body.readUInt16BE(0)
          socket.write(Buffer.from([0x40, 2, body[2 + topic], body[3 + topic]]))
        }
      } else {
        const answer = answers[type]?.(body)
        if (answer) socket.write(answer)
        if (type === 1) process.send({ connected: now() })
      }
      offset += size + length
    }
    rest = data.subarray(offset)
    counted()
  })
})

server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
process.on('message', ({ wait, reset }) => {
  if (reset) arrivals = []
  waiting = wait
  counted()
})
process.on('disconnect', () => process.exit())
