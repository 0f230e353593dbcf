import { RefusedModel } from './refused-model.ts'
import { openWindow } from './byte-window.ts'
import type { ByteWindow } from './byte-window.ts'

const GRAPH = 7
const METADATA = 14
/** A model says a few hundred letters of itself, and some hold word lists; more is something else. */
const LONGEST = 50_000_000

/**
 * What an ONNX file says of itself (`metadata_props`), read past its weights. Threat: the native runtime ends its process on a file that
 * is none, so that the outer form is checked here. Throws RefusedModel.
 */
export function readOnnxMetadata(path: string): Record<string, string> {
  const file = openWindow(path)
  try {
    return topLevel(file)
  } catch (cause) {
    if (cause instanceof RefusedModel) throw cause
    throw new RefusedModel(
      `It is no whole ONNX file: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Fetch it again: the download may have broken off.',
    )
  } finally {
    file.close()
  }
}

function topLevel(file: ByteWindow): Record<string, string> {
  const found: Record<string, string> = {}
  let at = 0
  let hasGraph = false
  const varint = () => {
    let value = 0
    for (let shift = 0; shift < 63; shift += 7) {
      const byte = file.bytes(at++, 1)[0] ?? 0
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new Error('a number in it has no end')
  }
  while (at < file.size) {
    const tag = varint()
    const field = Math.floor(tag / 8)
    const type = tag % 8
    if (field === 0 || field > 10_000) throw new Error('it is of another format')
    if (type === 0) varint()
    else if (type === 1) at += 8
    else if (type === 5) at += 4
    else if (type === 2) {
      const length = varint()
      if (at + length > file.size) throw new Error('it is cut off')
      if (field === GRAPH) hasGraph = true
      if (field === METADATA && length < LONGEST) addPair(found, file.bytes(at, length))
      at += length
    } else throw new Error('it is of another format')
  }
  if (at !== file.size || !hasGraph) throw new Error('it holds no network')
  return found
}

/** StringStringEntryProto: 1 is the key, 2 the value. */
function addPair(found: Record<string, string>, bytes: Buffer): void {
  let at = 0
  const texts: string[] = []
  while (at < bytes.length) {
    at++
    let length = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = bytes[at++] ?? 0
      length += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    texts.push(bytes.subarray(at, at + length).toString('utf8'))
    at += length
  }
  const [key, value] = texts
  if (key !== undefined && value !== undefined) found[key] = value
}
