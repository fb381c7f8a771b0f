/** The numbers of the requests (ioctl) in linux/gpio.h, to a chip and to a line. */
export const requests = {
  chipInfo: 0x8044b401,
  lineInfo: 0xc100b405,
  line: 0xc250b407,
  getValues: 0xc010b40e,
  setValues: 0xc010b40f,
} as const
