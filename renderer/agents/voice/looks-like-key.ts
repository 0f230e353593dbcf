/** Beginnings that providers give to their keys. */
const KNOWN = /^(sk|gsk|pk|xai|hf|r8|csk|nvapi|AIza|eyJ)[-_A-Za-z0-9.]{12,}$/

const REFERENCE = /^(env|secret):/

/** Whether a text is more likely a key than a reference, a name or an address: it must not get into the document. */
export function looksLikeKey(text: string): boolean {
  const value = text.trim()
  if (REFERENCE.test(value) || /\s/.test(value) || value.includes('://')) return false
  if (KNOWN.test(value)) return true
  return value.length >= 24 && /[0-9]/.test(value) && /[A-Za-z]/.test(value) && /^[-_A-Za-z0-9.+/=]+$/.test(value)
}

/** `secret:` name for a key of the server at `base_url`: openai, groq, api.example.org → example. */
export function secretNameFor(base_url: string | undefined): string {
  const host = /^https?:\/\/(?:[^/@]*@)?([^/:]+)/i.exec(base_url ?? '')?.[1]?.toLowerCase()
  if (!host || /^[\d.[\]:]+$/.test(host)) return host ? 'local' : 'openai'
  const labels = host
    .split('.')
    .filter((label) => !['www', 'api', 'com', 'org', 'net', 'io', 'ai', 'co', 'dev', 'cloud'].includes(label))
  return (labels.at(-1) ?? host).replaceAll(/[^a-z0-9._-]/g, '-')
}
