import { concat, takeWhile, type Observable } from 'rxjs'
import type { Finding } from '../doctor/finding.js'
import { examineLogin } from './examineLogin.js'
import { examineWriting } from './examineWriting.js'
import type { MqttOptions } from './mqttOptions.js'

/** Tries out whether a connection could do its work: name, network, TLS, login, topics. Ends with the first thing that is not ok. */
export const examineBroker = (options: MqttOptions): Observable<Finding> =>
  concat(examineLogin(options), examineWriting(options)).pipe(takeWhile(({ ok }) => ok, true))
