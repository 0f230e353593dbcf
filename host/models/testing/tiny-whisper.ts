/** A Whisper as small as can be, with weights from a formula: it understands nothing, and has every part that a real one has. */
const WIDTH = 8
const HEADS = 2
const MELS = 80
const AUDIO_CONTEXT = 1500
const TEXT_CONTEXT = 48
const SPECIAL = [
  'endoftext',
  'startoftranscript',
  'en',
  'translate',
  'transcribe',
  'startoflm',
  'startofprev',
  'nospeech',
  'notimestamps',
]

export const tinyVocabulary = (): string => {
  const letters = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i))
  return [...letters, 'Ġ', 'Ġhello', ...SPECIAL.map((name) => `<|${name}|>`)].join('\n') + '\n'
}
export const tinyConfig = (): string => JSON.stringify({ lang_ids: [], suppress_ids: [1, 2], alignment_heads: [[0, 0]] })

type Shape = readonly number[]

/** The file in CTranslate2's format 6, with half floats, or as its int8 quantisation: whole numbers and a scale a row. */
export function tinyModel(numbers: 'half' | 'int8' = 'half'): Uint8Array {
  const parts: Uint8Array[] = []
  const text = (value: string) => {
    const bytes = new TextEncoder().encode(`${value}\0`)
    parts.push(number(2, bytes.length), bytes)
  }
  const tensor = (name: string, dims: Shape, type: number, bytes: Uint8Array) => {
    text(name)
    parts.push(number(1, dims.length), ...dims.map((dim) => number(4, dim)), number(1, type), number(4, bytes.length), bytes)
  }
  const tensors = Object.entries(shapes())
  const isInt8 = (dims: Shape) => numbers === 'int8' && dims.length === 2
  parts.push(number(4, 6))
  text('WhisperSpec')
  parts.push(number(4, 3), number(4, tensors.length + 1 + tensors.filter(([, dims]) => isInt8(dims)).length))
  tensor('encoder/num_heads', [], 2, number(2, HEADS))
  for (const [name, dims] of tensors) {
    const count = dims.reduce((product, dim) => product * dim, 1)
    if (isInt8(dims)) {
      tensor(name, dims, 1, new Uint8Array(Int8Array.from({ length: count }, (_, i) => (i * 37) % 128).buffer))
      tensor(`${name}_scale`, dims.slice(0, 1), 0, new Uint8Array(new Float32Array(dims[0] ?? 0).fill(127).buffer))
    } else tensor(name, dims, 4, new Uint8Array(Uint16Array.from({ length: count }, (_, i) => halfOf(name, i)).buffer))
  }
  return Buffer.concat(parts)
}

function number(size: 1 | 2 | 4, value: number): Uint8Array {
  const bytes = Buffer.alloc(size)
  bytes.writeUIntLE(value, 0, size)
  return bytes
}

/** Half floats between 1/8 and 1 with both signs; norms stay 1. */
function halfOf(name: string, i: number): number {
  if (name.endsWith('gamma')) return 0x3c00
  const noise = Math.imul(i + name.length * 7919, 2654435761) >>> 0
  return ((noise & 1) << 15) | (0x3000 + ((noise >>> 8) % 0x0c00))
}

function shapes(): Record<string, Shape> {
  const vocabulary = tinyVocabulary().trimEnd().split('\n').length
  const norm = (name: string) => ({ [`${name}/gamma`]: [WIDTH], [`${name}/beta`]: [WIDTH] })
  const linear = (name: string, rows: number, columns = WIDTH) => ({
    [`${name}/weight`]: [rows, columns],
    [`${name}/bias`]: [rows],
  })
  const self = (name: string) => ({
    ...norm(`${name}/layer_norm`),
    ...linear(`${name}/linear_0`, 3 * WIDTH),
    ...linear(`${name}/linear_1`, WIDTH),
  })
  const feedForward = (name: string) => ({
    ...norm(`${name}/layer_norm`),
    ...linear(`${name}/linear_0`, 4 * WIDTH),
    ...linear(`${name}/linear_1`, WIDTH, 4 * WIDTH),
  })
  return {
    'encoder/conv1/weight': [WIDTH, MELS, 3],
    'encoder/conv1/bias': [WIDTH],
    'encoder/conv2/weight': [WIDTH, WIDTH, 3],
    'encoder/conv2/bias': [WIDTH],
    'encoder/position_encodings/encodings': [AUDIO_CONTEXT, WIDTH],
    ...self('encoder/layer_0/self_attention'),
    ...feedForward('encoder/layer_0/ffn'),
    ...norm('encoder/layer_norm'),
    'decoder/embeddings/weight': [vocabulary, WIDTH],
    'decoder/position_encodings/encodings': [TEXT_CONTEXT, WIDTH],
    ...self('decoder/layer_0/self_attention'),
    ...norm('decoder/layer_0/attention/layer_norm'),
    ...linear('decoder/layer_0/attention/linear_0', WIDTH),
    ...linear('decoder/layer_0/attention/linear_1', 2 * WIDTH),
    ...linear('decoder/layer_0/attention/linear_2', WIDTH),
    ...feedForward('decoder/layer_0/ffn'),
    ...norm('decoder/layer_norm'),
  }
}
