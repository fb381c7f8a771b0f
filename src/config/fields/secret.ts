import { mqttString } from './mqttString.js'

/** A password or the like: any text, also none; it is never shown in messages or logs. */
export const secret = mqttString.meta({ secret: true })
