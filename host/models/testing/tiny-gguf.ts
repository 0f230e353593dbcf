/** A GGUF of version 3 with one tensor of 32-bit floats, and these texts and numbers of itself. */
export function tinyGguf(
  metadata: Readonly<Record<string, string | number | readonly string[]>> = TINY_FACTS,
  weights = 64,
): Buffer {
  const entries = Object.entries(metadata).flatMap(([key, value]) => [text(key), ...valueOf(value)])
  const header = [Buffer.from('GGUF'), u32(3), u64(1), u64(Object.keys(metadata).length), ...entries]
  const tensor = [text('token_embd.weight'), u32(1), u64(weights), u32(0), u64(0)]
  const front = Buffer.concat([...header, ...tensor])
  return Buffer.concat([front, Buffer.alloc((32 - (front.length % 32)) % 32), Buffer.alloc(weights * 4, 1)])
}

export const TINY_FACTS = {
  'general.architecture': 'llama',
  'general.name': 'Tiny Llama',
  'general.license': 'apache-2.0',
  'general.languages': ['en', 'de'],
  'llama.context_length': 2048,
  'tokenizer.chat_template': '{{ messages }}',
  'tokenizer.ggml.tokens': Array.from({ length: 3000 }, (_, i) => `token ${i}`),
} as const

const u32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
const u64 = (value: number) => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}
const text = (value: string) => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)])

function valueOf(value: string | number | readonly string[]): Buffer[] {
  if (typeof value === 'string') return [u32(8), text(value)]
  if (typeof value === 'number') return [u32(4), u32(value)]
  return [u32(9), u32(8), u64(value.length), ...value.map(text)]
}
