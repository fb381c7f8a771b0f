/** Whether a link takes readings: it is gone, it is there but takes no more for now, or it takes them. */
export type LinkState = 'down' | 'full' | 'open'
