export function report(options: { readonly check: boolean }): string[]
