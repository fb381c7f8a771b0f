/**
 * A Bluetooth UUID as `Advertisement` spells it: lower case, no dashes, without the Bluetooth base
 * (`0000EC88-0000-1000-8000-00805F9B34FB` is `ec88`). Anything else comes back in lower case.
 */
export const normalUuid = (uuid: string): string =>
  uuid
    .toLowerCase()
    .replaceAll('-', '')
    .replace(/^([0-9a-f]{8})00001000800000805f9b34fb$/, '$1')
    .replace(/^0000([0-9a-f]{4})$/, '$1')
