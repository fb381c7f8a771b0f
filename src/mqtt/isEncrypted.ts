/** Whether the parameters ask for TLS. */
export const isEncrypted = ({
  TLS,
  Transport,
}: {
  TLS?: boolean | undefined
  Transport?: string | undefined
}) => TLS ?? Transport === 'WSS'
