/** Anything shorter is no key, and striking it out would garble ordinary text. */
const SHORTEST_KEY = 6
/** What servers that want some key and look at none are given; they are words of ours too. */
const PLACEHOLDERS = new Set([
  'ollama',
  'lm-studio',
  'lmstudio',
  'not-needed',
  'no-key-required',
  'sk-no-key-required',
  'placeholder',
])
const STRUCK_OUT = '[key]'

/** Whether a value of a key's place is one that has to be kept secret. */
export const isKey = (value: string): boolean => value.length >= SHORTEST_KEY && !PLACEHOLDERS.has(value.toLowerCase())

/**
 * Threat: a provider that refuses a key likes to repeat it ("Incorrect API key provided: …"), whole, encoded for an address, or with
 * its middle starred out. Returns the text without any of the keys.
 */
export function strike(text: string, keys: Iterable<string>): string {
  // The longest first, since one key may begin like another.
  const real = [...new Set(keys)].filter(isKey).sort((a, b) => b.length - a.length)
  return real.reduce(
    (left, key) => spellingsOf(key).reduce((rest, spelling) => rest.replaceAll(spelling, STRUCK_OUT), left),
    text,
  )
}

/** As it stands, as JSON writes it, and as an address does. */
export const spellingsOf = (key: string): readonly string[] => [
  ...new Set([key, JSON.stringify(key).slice(1, -1), encodeURIComponent(key)]),
]
