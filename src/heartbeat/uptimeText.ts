const twoDigits = (count: number): string => String(Math.floor(count)).padStart(2, '0')

/** A time (ms) as days, hours, minutes and seconds: `uptimeText(93_784_000)` is `01:02:03:04`. */
export const uptimeText = (uptime: number): string =>
  [uptime / 86_400_000, (uptime / 3_600_000) % 24, (uptime / 60_000) % 60, (uptime / 1000) % 60]
    .map(twoDigits)
    .join(':')
