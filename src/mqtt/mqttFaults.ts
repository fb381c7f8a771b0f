import type { z } from 'zod'
import { isEncrypted } from './isEncrypted.js'
import type { mqttSchema } from './mqttSchema.js'
import { readCaCertificate } from './readCaCertificate.js'
import { readCertificate } from './readCertificate.js'
import { readClientCertificate } from './readClientCertificate.js'
import { readPrivateKey } from './readPrivateKey.js'

/** Those that are wrong already, or missing, are absent. */
type Options = Partial<z.output<typeof mqttSchema>>

/** What is wrong with parameters that others contradict, or with the files that they name; by parameter. */
export const mqttFaults = (options: Options): Readonly<Record<string, string | undefined>> => ({
  ...contradictions(options),
  ...(isEncrypted(options) && fileFaults(options)),
})

const contradictions = ({ MessageExpiry, Version, TLS, Transport, Path }: Options) => ({
  MessageExpiry:
    MessageExpiry !== undefined && Version === '3.1.1'
      ? 'expected Version = 5 beside it, got 3.1.1: only with MQTT 5 messages expire'
      : undefined,
  Path:
    Path !== undefined && Transport === 'TCP'
      ? 'expected Transport = ws or wss beside it, got tcp: only WebSockets have a path'
      : undefined,
  TLS:
    (TLS === true && Transport === 'WS') || (TLS === false && Transport === 'WSS')
      ? `it contradicts Transport = ${Transport.toLowerCase()}, since wss encrypts and ws does not: leave out TLS, or choose the other Transport`
      : undefined,
})

function fileFaults({ CAcert, Cert, Key }: Options) {
  const cert =
    Cert === undefined
      ? Key && 'missing, it is required: Key is the key of a certificate'
      : thrown(() => readCertificate(Cert, 'our certificate'))
  const key =
    Key === undefined
      ? Cert && 'missing, it is required: Cert needs its private key'
      : thrown(() => readPrivateKey(Key))
  const isPair = Cert !== undefined && Key !== undefined && cert === undefined
  return {
    CAcert: thrown(() => readCaCertificate(CAcert)),
    Cert: cert,
    Key: key ?? (isPair ? thrown(() => readClientCertificate(Cert, Key)) : undefined),
  }
}

function thrown(read: () => unknown): string | undefined {
  try {
    read()
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
