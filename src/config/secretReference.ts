/** Where a value begins to stand for a secret: `${env:NAME}` or `${file:PATH}`. */
export const secretReference = /\$\{(?:env|file):/
