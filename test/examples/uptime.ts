import { interval, map } from 'rxjs'
import { sensorPlugin, type Sensor } from 'sensor-reporter'
import { z } from 'zod'

/** Seconds since the program started, every `period` ms. */
export const uptime = (destination: string, period: number): Sensor =>
  interval(period).pipe(map((count) => ({ destination, value: ((count + 1) * period) / 1000 })))

/** `[SensorN] Class = uptime.Uptime` */
export const Uptime = sensorPlugin({
  summary: 'Seconds since the program started.',
  options: z.object({
    Destination: z.string().describe('where the seconds are published'),
    Poll: z.coerce.number().min(1).describe('seconds between two readings'),
  }),
  create: ({ Destination, Poll }) => uptime(Destination, Poll * 1000),
})
