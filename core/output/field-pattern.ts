/*
 * Threat model: patterns come from strangers too (imported bundles), and texts from models. A backtracking engine can be kept busy for
 * ever by a few characters of either, so matching is done by RE2's algorithm, in time linear to the text. What it cannot match that way,
 * lookarounds and references back, is refused; Pydantic, which production agents are often checked with, refuses the same.
 */
import { RE2JS } from 're2js'

const LONGEST = 500

export type FieldPattern = Readonly<{ ok: true; matches: (text: string) => boolean } | { ok: false; problem: string }>

/** Compiles a `pattern` as JSON Schema reads it: Unicode, and it may match anywhere in the text unless it is anchored. */
export function fieldPattern(source: string): FieldPattern {
  if (source.length > LONGEST) return { ok: false, problem: `the pattern is longer than ${LONGEST} characters` }
  const notJavaScript = failureOf(() => new RegExp(source, 'u'))
  if (notJavaScript !== undefined) return { ok: false, problem: `the pattern is not a regular expression: ${notJavaScript}` }
  try {
    const pattern = RE2JS.compile(RE2JS.translateRegExp(source))
    return { ok: true, matches: (text) => pattern.matcher(text).find() }
  } catch (cause) {
    const reason = messageOf(cause).replace(/^error parsing regexp: /, '')
    return { ok: false, problem: `the pattern cannot be matched in a time that is sure to end (${reason}); write it without` }
  }
}

function failureOf(compile: () => unknown): string | undefined {
  try {
    compile()
    return undefined
  } catch (cause) {
    return messageOf(cause).replace(/^Invalid regular expression: /, '')
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
