/** Anything shorter is no key, and striking it out would garble ordinary text. */
export const SHORTEST_KEY = 6
const STRUCK_OUT = '[key]'

/**
 * Threat: a provider that refuses a key likes to repeat it ("Incorrect API key provided: …"), whole, encoded for an address, or with
 * its middle starred out. Returns the text without any of the keys.
 */
export function strike(text: string, keys: Iterable<string>): string {
  // The longest first, since one key may begin like another.
  const real = [...new Set(keys)].filter((key) => key.length >= SHORTEST_KEY).sort((a, b) => b.length - a.length)
  return real.reduce(
    (left, key) => spellingsOf(key).reduce((rest, spelling) => rest.replaceAll(spelling, STRUCK_OUT), left),
    text,
  )
}

/** As it stands, as JSON writes it, and as an address does. */
export const spellingsOf = (key: string): readonly string[] => [
  ...new Set([key, JSON.stringify(key).slice(1, -1), encodeURIComponent(key)]),
]
