/** Whether a URL template lets the LLM, and so whoever talks to it, choose which server is asked. */
export function isOpenAddress(url: string): boolean {
  const [, server = ''] = /^(?:https?:\/\/)?((?:\{\{.*?\}\}|\{%.*?%\}|[^/?#{])*)/is.exec(url.trim()) ?? []
  return /\{\{[^}]*\barguments\b/.test(server)
}
