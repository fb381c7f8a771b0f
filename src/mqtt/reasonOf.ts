import { brokerReasons } from './brokerReasons.js'
import type { Reason } from './reason.js'
import { reasons } from './reasons.js'
import { tlsReasons } from './tlsReasons.js'

/** What to say of the code of a LinkError. */
export function reasonOf(code: string): Reason {
  // OpenSSL puts before its alerts what changes from version to version.
  const reason = reasons[code] ?? tlsReasons[code] ?? tlsReasons[/ALERT_\w+$/.exec(code)?.[0] ?? '']
  if (reason) return reason
  const [packet, number = ''] = code.split('_')
  const meaning = brokerReasons[number] ?? 'is it well?'
  if (packet === 'CONNACK') return ['refused by broker', meaning]
  return [packet === 'DISCONNECT' ? 'lost broker' : 'no connection to broker', meaning]
}
