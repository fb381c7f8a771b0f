/** Whether a word may be an argument: no `;` and no `|`, lest a script passes it on to a shell; and no program takes NUL. */
export const isSafeWord = (word: string): boolean => !/[;|\0]/.test(word)
