const NAMES = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' })

/** `en` → English. What is no code stays as it is. */
export function languageName(code: string): string {
  try {
    return NAMES.of(code) ?? code
  } catch {
    return code // Intl throws for what cannot be a code
  }
}
