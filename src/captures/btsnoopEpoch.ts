/** The year 1970 in microseconds from year 0, where btsnoop counts from. */
export const btsnoopEpoch = 0x00dc_ddb3_0f2f_8000n
