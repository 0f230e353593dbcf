import * as z from 'zod'

/** Whisper's tokens in the order of their ids. */
export type Vocabulary = Readonly<{
  tokens: readonly string[]
  idOf: (token: string) => number
  find: (token: string) => number | undefined
}>

/** One token a line, or (in newer models) a JSON list of them; `count`, whatever follows. */
export function readVocabulary(text: string, count: number): Vocabulary {
  const listed = text.startsWith('[')
    ? z.array(z.string()).parse(JSON.parse(text))
    : text.split('\n').map((line) => line.replace(/\r$/, ''))
  const tokens = listed.slice(0, count)
  if (tokens.length < count) throw new Error(`the vocabulary has ${tokens.length} tokens, the model ${count}`)
  const find = (token: string) => {
    const id = tokens.indexOf(token)
    return id < 0 ? undefined : id
  }
  const idOf = (token: string) => {
    const id = find(token)
    if (id === undefined) throw new Error(`the vocabulary has no "${token}"`)
    return id
  }
  return { tokens, find, idOf }
}

/** sherpa's tokens.txt: the bytes of each ordinary token in base64, and its id. */
export function tokensFile({ tokens, idOf }: Vocabulary): string {
  const bytes = byteAlphabet()
  const encoded = (token: string, id: number) =>
    Array.from(token, (letter) => {
      const byte = bytes.get(letter)
      if (byte === undefined) throw new Error(`token ${id}, "${token}", is not made of bytes`)
      return byte
    })
  return tokens
    .slice(0, idOf('<|endoftext|>'))
    .map((token, id) => `${Buffer.from(encoded(token, id)).toString('base64')} ${id}\n`)
    .join('')
}

/** GPT-2 writes bytes that are no visible character as letters from U+0100 on. */
function byteAlphabet(): Map<string, number> {
  const alphabet = new Map<string, number>()
  let hidden = 0
  for (let byte = 0; byte < 256; byte++) {
    const visible = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae
    alphabet.set(String.fromCodePoint(visible ? byte : 256 + hidden++), byte)
  }
  return alphabet
}
