import type { ByteWindow } from '../making/byte-window.ts'

/** A tensor of a CTranslate2 model; half floats are read as 32-bit floats. */
export type Tensor = Readonly<{ dims: readonly number[]; values: Float32Array | Int16Array | Int8Array | Int32Array }>
export type Weights = Readonly<{ dims: readonly number[]; values: Float32Array }>

export type Ct2Model = Readonly<{
  has: (name: string) => boolean
  /** Throws when the tensor is missing or not of floats. */
  weights: (name: string) => Weights
  /** Throws when it is missing. */
  scalar: (name: string) => number
}>

type Place = Readonly<{ dims: readonly number[]; type: number; at: number; size: number }>

/**
 * Opens CTranslate2's binary format (version 6: strings with a length, tensors little-endian) of the given kind of model. Only the list of
 * tensors is read; each tensor is when it is asked for, since a large model would not fit into memory twice.
 */
export function openCt2Model(file: ByteWindow, kind: string): Ct2Model {
  const reader = createReader(file)
  const version = reader.u32()
  if (version !== 6) throw new Error(`CTranslate2 model format ${version} is not known`)
  const found = reader.text()
  if (found !== kind) throw new Error(`the model is a ${found}, not a ${kind}`)
  reader.u32() // revision of the kind
  const halves = halfTable()
  const places = new Map<string, Place>()
  for (let left = reader.u32(); left > 0; left--) {
    const name = reader.text()
    places.set(name, reader.tensor())
  }
  const get = (name: string): Tensor => {
    const place = places.get(name)
    if (!place) throw new Error(`the model has no "${name}"`)
    return { dims: place.dims, values: readValues(name, place.type, new Uint8Array(file.bytes(place.at, place.size)), halves) }
  }
  return {
    has: (name) => places.has(name),
    weights: (name) => {
      const { dims, values } = get(name)
      if (values instanceof Float32Array) return { dims, values }
      if (values instanceof Int8Array && places.has(`${name}_scale`))
        return dequantized({ dims, values }, get(`${name}_scale`).values)
      throw new Error(`"${name}" does not hold floats`)
    },
    scalar: (name) => {
      const value = get(name).values[0]
      if (value === undefined) throw new Error(`"${name}" is empty`)
      return value
    },
  }
}

/** Quantised by CTranslate2: each row was multiplied by its scale, and rounded. */
function dequantized(
  { dims, values }: Readonly<{ dims: readonly number[]; values: Int8Array }>,
  scales: Tensor['values'],
): Weights {
  const width = values.length / (dims[0] ?? 1)
  return { dims, values: Float32Array.from(values, (value, i) => value / (scales[Math.floor(i / width)] ?? scales[0] ?? 1)) }
}

function createReader(file: ByteWindow) {
  let at = 0
  /** Offset of the next `size` bytes; a file that was cut off throws instead of reading past its end. */
  const advance = (size: number): number => {
    if (at + size > file.size) throw new Error('the model file is cut off')
    at += size
    return at - size
  }
  const take = (size: number) => file.bytes(advance(size), size)
  const u8 = () => take(1).readUInt8()
  const u32 = () => take(4).readUInt32LE()
  const text = () => {
    const length = take(2).readUInt16LE()
    return take(length).toString('utf8', 0, Math.max(0, length - 1)) // ends in a zero byte
  }
  const tensor = (): Place => {
    const dims = Array.from({ length: u8() }, u32)
    const type = u8()
    const size = u32()
    return { dims, type, at: advance(size), size }
  }
  return { u32, text, tensor }
}

function readValues(name: string, type: number, raw: Uint8Array<ArrayBuffer>, halves: Float32Array): Tensor['values'] {
  switch (type) {
    case 0:
      return new Float32Array(raw.buffer)
    case 1:
      return new Int8Array(raw.buffer)
    case 2:
      return new Int16Array(raw.buffer)
    case 3:
      return new Int32Array(raw.buffer)
    case 4:
      return halfToFloat(new Uint16Array(raw.buffer), halves)
    default:
      throw new Error(`"${name}" has numbers of a type (${type}) that is not known`)
  }
}

/** IEEE 754 half precision, by its bits. */
function halfTable(): Float32Array {
  return Float32Array.from({ length: 0x10000 }, (_, bits) => {
    const sign = bits & 0x8000 ? -1 : 1
    const exponent = (bits >> 10) & 0x1f
    const fraction = bits & 0x3ff
    if (exponent === 0) return sign * fraction * 2 ** -24
    if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
  })
}

function halfToFloat(halves: Uint16Array, table: Float32Array): Float32Array {
  const floats = new Float32Array(halves.length)
  for (let i = 0; i < halves.length; i++) floats[i] = table[halves[i] ?? 0] ?? 0
  return floats
}
