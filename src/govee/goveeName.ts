/** How the local names of Govee's sensors begin. */
export const goveeName = /^(GV|Govee_|B5178)/
