/** The beginning of a prompt for a model that is lost in a long one: whole sentences, without the marks of Markdown. */
export function promptOpening(prompt: string, longest: number): string {
  if (prompt.length <= longest) return prompt
  const lines = prompt.split('\n').filter((line) => !line.startsWith('#'))
  const plain = lines
    .map((line) => line.replace(/^\s*(?:[-*+]|\d+\.)\s+/, '').trim())
    .filter(Boolean)
    .join(' ')
  const cut = plain.slice(0, longest)
  const end = Math.max(...['. ', '! ', '? '].map((mark) => cut.lastIndexOf(mark)))
  return plain.length <= longest ? plain : end > 0 ? cut.slice(0, end + 1) : cut
}
