import * as z from 'zod'
import { StudioError } from '../../../core/contract/errors.ts'
import { serverEvents } from '../llm/server-events.ts'
import type { ProviderScope } from '../provider-context.ts'
import { EmptyAnswer } from '../provider-failure.ts'
import type { SoundPiece } from './checked-speech.ts'
import { createHttpVoice } from './http-voice.ts'
import { voiceSettings } from './voice-settings.ts'
import type { Voice } from './voice.ts'
import { readWavHeader } from './wav-header.ts'

const SAMPLE_RATE = 24_000

const Answer = z.object({
  candidates: z
    .array(
      z.object({
        content: z
          .object({ parts: z.array(z.object({ inlineData: z.object({ mimeType: z.string(), data: z.base64() }).optional() })) })
          .partial()
          .optional(),
        finishReason: z.string().optional(),
      }),
    )
    .optional(),
  error: z.object({ message: z.string() }).optional(),
})

/** From 3.8 on the style stands beside the text; models before read it aloud unless it is a sentence that introduces the text. */
export function createGeminiVoice(scope: ProviderScope): Voice {
  const { voice, ...settings } = voiceSettings('google', scope)
  const { base_url, key, model } = settings.server
  const isOld = /^gemini-(?:2|3\.[0-7]\b)/.test(model)
  const part = (text: string, style: string | undefined) =>
    style === undefined ? { text } : isOld ? { text: `${style}:\n"${text.trim()}"` } : { text, speechMetadata: { style } }
  return createHttpVoice({
    ...settings,
    sample_rate: SAMPLE_RATE,
    may_differ: true,
    request: (text, instructions) => ({
      url: `${base_url}/models/${encodeURIComponent(model)}:streamGenerateContent?alt=sse`,
      headers: key === undefined ? {} : { 'x-goog-api-key': key },
      body: JSON.stringify({
        contents: [{ role: 'user', parts: [part(text, instructions?.trim() || undefined)] }],
        generationConfig: {
          responseModalities: ['AUDIO'],
          speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: voice } } },
        },
      }),
    }),
    sound: soundOf,
  })
}

async function* soundOf(response: Response): AsyncGenerator<SoundPiece> {
  let reason: string | undefined
  let spoken = false
  for await (const event of serverEvents(response)) {
    const { candidates = [], error } = Answer.parse(event)
    if (error) throw new StudioError('provider_failed', 'The TTS (Google Gemini) broke off its answer', 'Try again.')
    for (const { content, finishReason } of candidates) {
      reason = finishReason ?? reason
      for (const { inlineData } of content?.parts ?? []) {
        if (!inlineData) continue
        spoken = true
        yield withoutHeader(Buffer.from(inlineData.data, 'base64'), inlineData.mimeType)
      }
    }
  }
  if (reason === undefined) throw new Error('The answer ended prematurely')
  if (!spoken) throw new EmptyAnswer(`it ended with ${reason}`)
}

/** Newer models send WAV unless told otherwise: a header in the middle of a stream would be a click. */
function withoutHeader(bytes: Buffer, type: string): SoundPiece {
  const header = bytes.subarray(0, 4).toString('latin1') === 'RIFF' ? readWavHeader(bytes) : undefined
  if (!header || header.unplayable) return { bytes, type }
  const { data_at, data_bytes = bytes.length, sample_rate } = header
  return { bytes: bytes.subarray(data_at, data_at + data_bytes), type: `audio/L16;rate=${sample_rate}` }
}
