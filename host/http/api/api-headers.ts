/*
 * Threat model: a browser shows an answer as a page, guesses its type or embeds it. Answers of the API are data: nothing in them may run,
 * be framed, or be read by another page. (The documentation has a policy of its own.)
 */
export const API_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}
