/** What a sick provider would send instead of a well one's bytes. */
import { isJsonObject, parseJson, type Json } from '../../../core/json.ts'

/** Cut in the middle of a token; of a stream of events the first stays whole. */
export function halved(body: Buffer): Buffer {
  const first = body.indexOf('\n\n')
  if (!body.subarray(0, 6).includes(':') || first < 0 || first + 2 >= body.length) return cut(body)
  const next = body.indexOf('\n\n', first + 2)
  const event = body.subarray(first + 2, next < 0 ? body.length : next)
  return Buffer.concat([body.subarray(0, first + 2), cut(event), Buffer.from('\n\n')])
}
const cut = (bytes: Buffer) => bytes.subarray(0, Math.max(1, bytes.length >> 1))

export const GARBAGE = '<html><body>\u0000\uFFFD Welcome to the hotel’s network {"</body>'

/** The same sound at half the sample rate: PCM16, or WAV whose header says so. */
export function halfRate(body: Buffer): Buffer {
  const header = body.subarray(0, 4).toString('latin1') === 'RIFF' ? 44 : 0
  const samples = Math.floor((body.length - header) / 4)
  const out = Buffer.alloc(header + samples * 2)
  body.copy(out, 0, 0, header)
  for (let index = 0; index < samples; index++) out.writeInt16LE(body.readInt16LE(header + index * 4), header + index * 2)
  if (header === 0) return out
  out.writeUInt32LE(out.length - 8, 4)
  out.writeUInt32LE(body.readUInt32LE(24) / 2, 24)
  out.writeUInt32LE(body.readUInt32LE(28) / 2, 28)
  out.writeUInt32LE(samples * 2, 40)
  return out
}

/** Half of every sample rate that a header or a message names. */
export const halfRateLabel = (text: string): string =>
  text.replace(
    /((?:sample_?rate(?:_?hertz)?"?|rate)\s*[:=]\s*)(\d{4,6})/gi,
    (_all, label: string, rate: string) => label + Number(rate) / 2,
  )

/** JSON without the sound in it: strings of base64 that are too long to be anything else. */
export function withoutAudio(text: string): string {
  const value = parseJson(text)
  return value === undefined ? text : JSON.stringify(emptied(value))
}

function emptied(value: Json): Json {
  if (typeof value === 'string') return value.length >= 64 && /^[A-Za-z0-9+/]+=*$/.test(value) ? '' : value
  if (Array.isArray(value)) return value.map(emptied)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, emptied(item)]))
}
