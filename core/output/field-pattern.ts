// Patterns come from strangers too (imported bundles), and a backtracking engine can be kept busy for ever. The plain forms of
// that, a repeat of nothing but a repeat, are refused here; cleverer ones are not found.
const LONGEST = 500
const REPEATED_REPEAT = /\((?:\?:|\?<\w+>)?(?:\\.|\[(?:\\.|[^\]\\])*\]|[^()[\]\\|])[+*]\??\)[+*{]|\)[+*]\??\)[+*{]/

export type FieldPattern = Readonly<{ ok: true; regex: RegExp } | { ok: false; problem: string }>

/** Compiles a `pattern` as JSON Schema reads it: Unicode, and it may match anywhere in the text unless it is anchored. */
export function fieldPattern(source: string): FieldPattern {
  if (source.length > LONGEST) return { ok: false, problem: `the pattern is longer than ${LONGEST} characters` }
  if (REPEATED_REPEAT.test(source)) {
    return { ok: false, problem: 'the pattern repeats a repeat, such as (a+)+, which can take for ever; a+ says the same' }
  }
  try {
    return { ok: true, regex: new RegExp(source, 'u') }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/^Invalid regular expression: /, '') : String(cause)
    return { ok: false, problem: `the pattern is not a regular expression: ${reason}` }
  }
}
