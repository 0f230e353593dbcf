/*
 * Threat model: a key pasted into a prompt, a tool's header or a URL leaves the machine with an export, ends in a repository for ever, or
 * lies in the database in plain text. So a document with one is neither saved, imported nor exported, and what is kept while somebody
 * types is kept without it; the value itself is never repeated in a message. Documents come from strangers: every shape is matched in a
 * time linear to the text.
 */
import { toPointer, type Problem } from '../contract/errors.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { TextRange } from './template-variables.ts'

const KNOWN_SHAPES: readonly (readonly [string, RegExp])[] = [
  ['an OpenAI-style key', /\bsk-(?:proj-|svcacct-|or-v1-|ant-[a-z0-9]+-)?[A-Za-z0-9_-]{20,}/g],
  ['a Groq key', /\bgsk_[A-Za-z0-9]{20,}/g],
  ['a Google key', /\bAIza[A-Za-z0-9_-]{30,}/g],
  ['a Google token', /\bya29\.[A-Za-z0-9_-]{20,}/g],
  ['an AWS key', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})/g],
  ['a GitLab token', /\bglpat-[A-Za-z0-9_-]{20,}/g],
  ['a Slack token', /\bxox[abeprs]-[A-Za-z0-9-]{10,}/g],
  ['a Stripe key', /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/g],
  ['a Hugging Face token', /\bhf_[A-Za-z0-9]{30,}/g],
  ['an xAI key', /\bxai-[A-Za-z0-9]{30,}/g],
  ['an NVIDIA key', /\bnvapi-[A-Za-z0-9_-]{30,}/g],
  ['a Perplexity key', /\bpplx-[A-Za-z0-9]{30,}/g],
  ['a Replicate token', /\br8_[A-Za-z0-9]{30,}/g],
  ['a SendGrid key', /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/g],
  ['an npm token', /\bnpm_[A-Za-z0-9]{30,}/g],
  ['a JSON web token', /(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/g],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g],
  ['a password in a URL', /(?<=:\/\/[^\s/:@{}]{0,200}):[^\s/@{}]+(?=@)/g],
]
const REFERENCE = /^(?:env:[A-Za-z_][A-Za-z0-9_]*|secret:[A-Za-z0-9][A-Za-z0-9._-]*)$/
const KEY_LIKE_NAME =
  /(?:^|[^a-z])(?:api[_-]?key|x[_-]api[_-]?key|secret|password|passwd|authorization|credentials?|private[_-]?key|access[_-]?key|auth[_-]?token|access[_-]?token|refresh[_-]?token|bearer|token)$/i
const STRUCK_OUT = '[key removed]'

/** `range`: where in the text at `path` it stands. */
export type FoundSecret = Problem & Readonly<{ range: TextRange }>

/** Places that look like they hold a key instead of a reference to one. */
export const findSecrets = (document: Json): FoundSecret[] =>
  strings(document, []).flatMap(([path, text]) =>
    secretsIn(path, text)
      .slice(0, 1)
      .map(({ message, range }) => ({ path: toPointer(path), message, range })),
  )

/** The document with every key replaced by a text that says so. */
export const withoutSecrets = (document: JsonObject): JsonObject => struckObject(document, [])

/** Every `env:NAME` and `secret:NAME` that the document names, sorted. */
export const secretReferences = (...documents: readonly Json[]): string[] =>
  [
    ...new Set(documents.flatMap((document) => strings(document, []).flatMap(([, text]) => (REFERENCE.test(text) ? text : [])))),
  ].sort()

type Found = Readonly<{ message: string; range: TextRange }>

function secretsIn(path: readonly string[], text: string): readonly Found[] {
  if (REFERENCE.test(text)) return []
  const known = KNOWN_SHAPES.flatMap(([what, shape]) =>
    [...text.matchAll(shape)].map(({ 0: { length }, index }) => ({
      message: `looks like ${what}; put it into the secret store and refer to it`,
      range: { start: index, end: index + length },
    })),
  )
  if (known.length > 0) return known
  const name = path.findLast((part) => !/^\d+$/.test(part)) ?? ''
  if (!KEY_LIKE_NAME.test(name.replaceAll(/([a-z])([A-Z])/g, '$1_$2')) || !isRandomLooking(text)) return []
  const message = `"${name}" holds what looks like a key; write "secret:NAME" or "env:NAME" instead`
  return [{ message, range: { start: 0, end: text.length } }]
}

function struck(value: Json, path: readonly string[]): Json {
  if (typeof value === 'string') return struckText(path, value)
  if (isJsonArray(value)) return value.map((item, index) => struck(item, [...path, String(index)]))
  return isJsonObject(value) ? struckObject(value, path) : value
}

const struckObject = (value: JsonObject, path: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, struck(inner, [...path, key])]))

function struckText(path: readonly string[], text: string): string {
  let kept = ''
  let at = 0
  for (const { range } of secretsIn(path, text).toSorted((a, b) => a.range.start - b.range.start)) {
    // Two shapes may lie over each other.
    if (range.end <= at) continue
    kept += text.slice(at, Math.max(at, range.start)) + STRUCK_OUT
    at = range.end
  }
  return kept + text.slice(at)
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
