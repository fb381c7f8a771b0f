/** Whether a parameter of this name is one whose value nobody should see, whatever the schemas say. */
export const isSecretKey = (key: string): boolean =>
  /pass(wor[dt]|wd|phrase)|secret|token|credential/i.test(key)
