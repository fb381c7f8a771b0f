const realNow = Date.now
let offset = 0

/** Sets the clock of this process (`Date.now`, which RxJS and MQTT.js ask) to so many ms from the truth. */
export function jumpClock(by: number): void {
  offset = Math.round(by)
  Date.now = () => realNow() + offset
}

/** The true time again. */
export const restoreClock = (): void => void (Date.now = realNow)
