import type { Problem } from '../contract/errors.ts'
import { toPointer } from '../contract/errors.ts'
import { isJsonArray, isJsonObject, type Json } from '../json.ts'

/**
 * Threat: a key pasted into a prompt, a tool's header or a URL leaves the machine with an export and ends in a repository for ever.
 * An export is refused when a value looks like a key; the value itself is never repeated in a message.
 */
const KNOWN_SHAPES: readonly (readonly [string, RegExp])[] = [
  ['an OpenAI-style key', /\bsk-(?:proj-|svcacct-|or-v1-|ant-[a-z0-9]+-)?[A-Za-z0-9_-]{20,}/],
  ['a Groq key', /\bgsk_[A-Za-z0-9]{20,}/],
  ['a Google key', /\bAIza[A-Za-z0-9_-]{30,}/],
  ['a Google token', /\bya29\.[A-Za-z0-9_-]{20,}/],
  ['an AWS key', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})/],
  ['a GitLab token', /\bglpat-[A-Za-z0-9_-]{20,}/],
  ['a Slack token', /\bxox[abeprs]-[A-Za-z0-9-]{10,}/],
  ['a Stripe key', /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/],
  ['a Hugging Face token', /\bhf_[A-Za-z0-9]{30,}/],
  ['an xAI key', /\bxai-[A-Za-z0-9]{30,}/],
  ['an NVIDIA key', /\bnvapi-[A-Za-z0-9_-]{30,}/],
  ['a Perplexity key', /\bpplx-[A-Za-z0-9]{30,}/],
  ['a Replicate token', /\br8_[A-Za-z0-9]{30,}/],
  ['a SendGrid key', /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/],
  ['an npm token', /\bnpm_[A-Za-z0-9]{30,}/],
  ['a JSON web token', /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['a password in a URL', /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@{}]+:[^\s/@{}]+@/i],
]
const REFERENCE = /^(?:env:[A-Za-z_][A-Za-z0-9_]*|secret:[A-Za-z0-9][A-Za-z0-9._-]*)$/
const KEY_LIKE_NAME =
  /(?:^|[^a-z])(?:api[_-]?key|x[_-]api[_-]?key|secret|password|passwd|authorization|credentials?|private[_-]?key|access[_-]?key|auth[_-]?token|access[_-]?token|refresh[_-]?token|bearer|token)$/i

/** Places that look like they hold a key instead of a reference to one. */
export const findSecrets = (document: Json): Problem[] =>
  strings(document, []).flatMap(([path, text]) => secretProblem(path, text) ?? [])

/** Every `env:NAME` and `secret:NAME` that the document names, sorted. */
export const secretReferences = (...documents: readonly Json[]): string[] =>
  [
    ...new Set(documents.flatMap((document) => strings(document, []).flatMap(([, text]) => (REFERENCE.test(text) ? text : [])))),
  ].sort()

function secretProblem(path: readonly string[], text: string): Problem | undefined {
  if (REFERENCE.test(text)) return undefined
  const known = KNOWN_SHAPES.find(([, shape]) => shape.test(text))
  if (known) return { path: toPointer(path), message: `looks like ${known[0]}; put it into the secret store and refer to it` }
  const name = path.findLast((part) => !/^\d+$/.test(part)) ?? ''
  if (KEY_LIKE_NAME.test(name.replaceAll(/([a-z])([A-Z])/g, '$1_$2')) && isRandomLooking(text)) {
    return { path: toPointer(path), message: `"${name}" holds what looks like a key; write "secret:NAME" or "env:NAME" instead` }
  }
  return undefined
}

/** A templated value, a sentence or the name of a variable is no key; a word with much surprise per letter is. */
function isRandomLooking(text: string): boolean {
  const word = text.replace(/^(?:Bearer|Basic|Token)\s+/i, '')
  if (word.length < 8 || /\s|\{\{|^\$\{?[A-Z_]+\}?$|^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(word)) return false
  return entropy(word) >= 2.5
}

/** Shannon entropy in bits per character. */
function entropy(text: string): number {
  const counts = new Map<string, number>()
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1)
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0)
}

/** Every string of the document, with where it stands. */
function strings(value: Json, path: readonly string[]): (readonly [readonly string[], string])[] {
  if (typeof value === 'string') return [[path, value]]
  if (isJsonArray(value)) return value.flatMap((item, index) => strings(item, [...path, String(index)]))
  if (!isJsonObject(value)) return []
  return Object.entries(value).flatMap(([key, inner]) => strings(inner, [...path, key]))
}
