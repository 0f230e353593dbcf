/*
 * Threat model: a key pasted into a prompt, a tool's header or a URL leaves the machine with an export, ends in a repository for ever, or
 * lies in the database in plain text. So a document with one is neither saved, imported nor exported, and what is kept while somebody
 * types is kept without it; the value itself is never repeated in a message. Documents come from strangers: every shape is matched in a
 * time linear to the text.
 */
import { toPointer, type Problem } from '../contract/errors.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { TextRange } from './template-variables.ts'

/** What it is, its shape, and the name under which the secret store would keep it; without one it is no key of a provider. */
const KNOWN_SHAPES: readonly (readonly [what: string, shape: RegExp, name?: string])[] = [
  ['an Anthropic key', /\bsk-ant-[A-Za-z0-9_-]{20,}/g, 'anthropic'],
  ['an OpenRouter key', /\bsk-or-v1-[A-Za-z0-9_-]{20,}/g, 'openrouter'],
  ['an OpenAI-style key', /\bsk-(?!ant-|or-v1-)(?:proj-|svcacct-)?[A-Za-z0-9_-]{20,}/g, 'openai'],
  ['a Groq key', /\bgsk_[A-Za-z0-9]{20,}/g, 'groq'],
  ['a Cerebras key', /\bcsk-[A-Za-z0-9]{20,}/g, 'cerebras'],
  ['a Google key', /\bAIza[A-Za-z0-9_-]{30,}/g, 'google'],
  ['a Google token', /\bya29\.[A-Za-z0-9_-]{20,}/g, 'google'],
  ['an AWS key', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, 'aws'],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})/g, 'github'],
  ['a GitLab token', /\bglpat-[A-Za-z0-9_-]{20,}/g, 'gitlab'],
  ['a Slack token', /\bxox[abeprs]-[A-Za-z0-9-]{10,}/g, 'slack'],
  ['a Stripe key', /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/g, 'stripe'],
  ['an ElevenLabs key', /\bsk_(?!live_|test_|car_)[a-f0-9]{40,}/g, 'elevenlabs'],
  ['a Cartesia key', /\bsk_car_[A-Za-z0-9]{16,}/g, 'cartesia'],
  ['a Hugging Face token', /\bhf_[A-Za-z0-9]{30,}/g, 'huggingface'],
  ['an xAI key', /\bxai-[A-Za-z0-9]{30,}/g, 'xai'],
  ['an NVIDIA key', /\bnvapi-[A-Za-z0-9_-]{30,}/g, 'nvidia'],
  ['a Perplexity key', /\bpplx-[A-Za-z0-9]{30,}/g, 'perplexity'],
  ['a Replicate token', /\br8_[A-Za-z0-9]{30,}/g, 'replicate'],
  ['a SendGrid key', /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/g, 'sendgrid'],
  ['an npm token', /\bnpm_[A-Za-z0-9]{30,}/g, 'npm'],
  ['a JSON web token', /(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/g, 'token'],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, 'private-key'],
  ['a password in a URL', /(?<=:\/\/[^\s/:@{}]{0,200}):[^\s/@{}]+(?=@)/g],
]
/** In every text of a known shape: most texts of a document have none of these, and are looked at once instead of by every shape. */
const MARK =
  /sk[-_]|gsk_|csk-|AIza|ya29\.|AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|xox|rk_|hf_|xai-|nvapi-|pplx-|r8_|SG\.|npm_|eyJ|-----BEGIN|:\/\//
/** Shorter than any key, and than a password in a URL. */
const SHORTEST = 7
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

/** A key that somebody is about to put into a text: what it looks like, and a name to keep it under ('' where nothing is known of it). */
export type PastedKey = Readonly<{ what: string; name: string; range: TextRange }>

/** The keys in a text that is meant for the place `under` (`api_key`, `instructions`), in order; passwords in addresses are not among them. */
export function pastedKeys(text: string, under: string): readonly PastedKey[] {
  const found = secretsIn([under], text).flatMap(({ what, name, range }) => (name === undefined ? [] : [{ what, name, range }]))
  const ordered = [...found].sort((a, b) => a.range.start - b.range.start)
  return ordered.filter(({ range }, index) => !ordered.slice(0, index).some((before) => before.range.end > range.start))
}

type Found = Readonly<{ message: string; what: string; name?: string | undefined; range: TextRange }>

function secretsIn(path: readonly string[], text: string): readonly Found[] {
  if (text.length < SHORTEST || REFERENCE.test(text)) return []
  const shapes = MARK.test(text) ? KNOWN_SHAPES : []
  const known = shapes.flatMap(([what, shape, name]) =>
    [...text.matchAll(shape)].map(({ 0: { length }, index }) => ({
      message: `looks like ${what}; put it into the secret store and refer to it`,
      what,
      name,
      range: { start: index, end: index + length },
    })),
  )
  if (known.length > 0) return known
  const place = path.findLast((part) => !/^\d+$/.test(part)) ?? ''
  if (!KEY_LIKE_NAME.test(place.replaceAll(/([a-z])([A-Z])/g, '$1_$2')) || !isRandomLooking(text)) return []
  const message = `"${place}" holds what looks like a key; write "secret:NAME" or "env:NAME" instead`
  return [{ message, what: 'a key', name: '', range: { start: 0, end: text.length } }]
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
  for (const { range } of [...secretsIn(path, text)].sort((a, b) => a.range.start - b.range.start)) {
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
