/** As buttons say when they were pressed: `2021-10-24T16:23:41.500792`, `2022-02-27T17:58:45.165491+0100`. */
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:?\d\d|Z)?$/

/** Whether a text means that something is to be switched over: `TOGGLE`, or an ISO time, when somebody wanted that. */
export const isToggle = (text: string): boolean => text === 'TOGGLE' || time.test(text)
