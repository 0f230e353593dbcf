/** Tokens of `text` as OpenAI's current models count them (o200k). The table is 2 MB and loads when first asked for. */
export async function countTokens(text: string): Promise<number> {
  const { countTokens: count } = await import('gpt-tokenizer/encoding/o200k_base')
  // Text such as <|endoftext|> is text here, not a command.
  return count(text, { disallowedSpecial: new Set() })
}

/** A count without the table, for checks that run at every keystroke: within about a tenth for English prose. */
export function estimateTokens(text: string): number {
  const words = text.match(/[A-Za-z]+|\d{1,3}|[^\sA-Za-z\d]+/g) ?? []
  return words.reduce((sum, word) => sum + Math.max(1, Math.ceil(word.length / 9)), 0)
}
