/**
 * The local time of day, as the Python program writes it, microseconds and no zone, for whoever tells a press by its form:
 * `2021-10-24T16:23:41.500000`. `at` is milliseconds since the epoch.
 */
export function localTime(at: number): string {
  const offset = new Date(at).getTimezoneOffset() * 60_000
  return `${new Date(at - offset).toISOString().slice(0, -1)}000`
}
