import { MediaDown } from '../../../core/contract/media.ts'

export type DownFrame = Readonly<{ type: 'audio'; segment: number; pcm: Int16Array<ArrayBuffer> }> | MediaDown

/** Reads what came down the media socket (see `core/contract/media.ts`); undefined for what is neither audio nor a known message. */
export function readDownFrame(data: ArrayBuffer | string): DownFrame | undefined {
  if (typeof data === 'string') return readText(data)
  if (data.byteLength < 6) return undefined
  const segment = new DataView(data).getUint32(0, true)
  const samples = (data.byteLength - 4) >> 1
  return { type: 'audio', segment, pcm: new Int16Array(data, 4, samples).slice() }
}

function readText(text: string): MediaDown | undefined {
  const message = MediaDown.safeParse(parse(text))
  return message.success ? message.data : undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // a garbled message is dropped; every segment still ends by flush, clear or close
  }
}
