/**
 * Reads what a GGUF says of itself (the format is described in ggml's docs/gguf.md). Threat: the file is a stranger's. Lengths in it are
 * bounded before anything is allocated, and the weights that it announces must really be there.
 */
import * as z from 'zod'
import { RefusedModel } from '../making/refused-model.ts'
import { openWindow } from '../making/byte-window.ts'
import type { ByteWindow } from '../making/byte-window.ts'
import { tensorBytes } from './tensor-bytes.ts'

export type GgufFacts = Readonly<{
  name?: string
  architecture: string
  licence?: string
  parameters: number
  context_length?: number
  languages: readonly string[]
  /** It says how a conversation is written, so that it can be talked with. */
  has_template: boolean
}>

type Value = string | number | boolean | readonly Value[]

const LONGEST_TEXT = 10_000_000
const MOST_ENTRIES = 100_000
const MOST_TENSORS = 100_000
/** Vocabularies have some hundred thousand items, and are skipped; a list that is kept is short. */
const LONGEST_KEPT_LIST = 1000

/** Throws RefusedModel. */
export function readGguf(path: string): GgufFacts {
  const file = openWindow(path)
  try {
    return factsOf(file)
  } catch (cause) {
    if (cause instanceof RefusedModel) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new RefusedModel(`It is no whole GGUF file: ${reason}`, 'Fetch it again: the download may have broken off.')
  } finally {
    file.close()
  }
}

function factsOf(file: ByteWindow): GgufFacts {
  const reader = createReader(file)
  if (file.size < 24 || reader.ascii(4) !== 'GGUF') {
    throw new RefusedModel(
      'It is no GGUF file: its first bytes are others.',
      'Choose a file that ends in .gguf, of a language model for llama.cpp.',
    )
  }
  const version = reader.u32()
  if (version < 2 || version > 3) {
    throw new RefusedModel(
      `It is GGUF of version ${version}, which llama.cpp does not read here.`,
      'Look for a newer conversion of the model.',
    )
  }
  const tensors = bounded(reader.u64(), MOST_TENSORS, 'tensors')
  const entries = bounded(reader.u64(), MOST_ENTRIES, 'entries')
  const metadata = new Map<string, Value>()
  for (let left = entries; left > 0; left--) metadata.set(reader.text(), reader.value(reader.u32()))
  const parameters = checkTensors(reader, tensors, numberOf(metadata.get('general.alignment')) ?? 32, file.size)
  return facts(metadata, parameters)
}

function facts(metadata: ReadonlyMap<string, Value>, parameters: number): GgufFacts {
  const text = (key: string) => z.string().min(1).safeParse(metadata.get(key)).data
  const architecture = text('general.architecture')
  if (architecture === undefined || architecture === 'clip' || text('general.type') === 'adapter') {
    throw new RefusedModel(
      'It is a part for another model (an adapter or a vision part), not a language model.',
      'Choose the model itself.',
    )
  }
  const name = text('general.name')
  const licence = text('general.license')
  const context_length = numberOf(metadata.get(`${architecture}.context_length`))
  return {
    architecture,
    parameters,
    languages: z.array(z.string().regex(/^[a-z]{2}$/)).safeParse(metadata.get('general.languages')).data ?? [],
    has_template: text('tokenizer.chat_template') !== undefined,
    ...(name !== undefined && { name }),
    ...(licence !== undefined && { licence }),
    ...(context_length !== undefined && { context_length }),
  }
}

/** The number of weights. Throws when the file ends before the last of them does. */
function checkTensors(reader: Reader, count: number, alignment: number, size: number): number {
  if (count === 0) throw new RefusedModel('It holds no weights.', 'Choose the model itself, not its vocabulary.')
  let parameters = 0
  let end = 0
  for (let left = count; left > 0; left--) {
    reader.text()
    const dims = Array.from({ length: bounded(reader.u32(), 8, 'dimensions') }, () => reader.u64())
    const elements = dims.reduce((product, dim) => product * dim, 1)
    const type = reader.u32()
    const offset = reader.u64()
    parameters += elements
    end = Math.max(end, offset + tensorBytes(type, elements))
  }
  if (!Number.isSafeInteger(parameters)) throw new Error('it claims more weights than there can be')
  const start = Math.ceil(reader.at() / alignment) * alignment
  if (start + end > size) throw new Error(`it should have ${start + end} bytes and has ${size}`)
  return parameters
}

type Reader = ReturnType<typeof createReader>

function createReader(file: ByteWindow) {
  let at = 0
  const take = (length: number) => {
    const bytes = file.bytes(at, length)
    at += length
    return bytes
  }
  const u32 = () => take(4).readUInt32LE()
  const u64 = () => {
    const number = Number(take(8).readBigUInt64LE())
    if (!Number.isSafeInteger(number)) throw new Error('a number in it is too large')
    return number
  }
  const text = () => take(bounded(u64(), LONGEST_TEXT, 'letters')).toString('utf8')
  const value = (type: number, depth = 0): Value => {
    const scalar = SCALARS[type]
    if (scalar) return scalar.read(take(scalar.bytes))
    if (type === 8) return text()
    if (type !== 9 || depth > 4) throw new Error(`a value of type ${type} is not known`)
    const of = u32()
    const length = bounded(u64(), 100_000_000, 'items')
    const fixed = SCALARS[of]
    if (fixed && length > LONGEST_KEPT_LIST) {
      at += fixed.bytes * length
      return []
    }
    const kept: Value[] = []
    for (let left = length; left > 0; left--) {
      const item = value(of, depth + 1)
      if (length <= LONGEST_KEPT_LIST) kept.push(item)
    }
    return kept
  }
  return { at: () => at, ascii: (length: number) => take(length).toString('latin1'), u32, u64, text, value }
}

/** By the type's number. */
const SCALARS: Readonly<Record<number, Readonly<{ bytes: number; read: (bytes: Buffer) => Value }>>> = {
  0: { bytes: 1, read: (bytes) => bytes.readUInt8() },
  1: { bytes: 1, read: (bytes) => bytes.readInt8() },
  2: { bytes: 2, read: (bytes) => bytes.readUInt16LE() },
  3: { bytes: 2, read: (bytes) => bytes.readInt16LE() },
  4: { bytes: 4, read: (bytes) => bytes.readUInt32LE() },
  5: { bytes: 4, read: (bytes) => bytes.readInt32LE() },
  6: { bytes: 4, read: (bytes) => bytes.readFloatLE() },
  7: { bytes: 1, read: (bytes) => bytes.readUInt8() !== 0 },
  10: { bytes: 8, read: (bytes) => Number(bytes.readBigUInt64LE()) },
  11: { bytes: 8, read: (bytes) => Number(bytes.readBigInt64LE()) },
  12: { bytes: 8, read: (bytes) => bytes.readDoubleLE() },
}

function bounded(count: number, most: number, what: string): number {
  if (count > most) throw new Error(`it claims ${count} ${what}`)
  return count
}

const numberOf = (value: Value | undefined): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined
