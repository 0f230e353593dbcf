const LONGEST = 500

export type FieldPattern = Readonly<{ ok: true; regex: RegExp } | { ok: false; problem: string }>

/** Compiles a `pattern` as JSON Schema reads it: Unicode, and it may match anywhere in the text unless it is anchored. */
export function fieldPattern(source: string): FieldPattern {
  if (source.length > LONGEST) return { ok: false, problem: `the pattern is longer than ${LONGEST} characters` }
  try {
    return { ok: true, regex: new RegExp(source, 'u') }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/^Invalid regular expression: /, '') : String(cause)
    return { ok: false, problem: `the pattern is not a regular expression: ${reason}` }
  }
}
