import * as z from 'zod'
import { UP_SAMPLE_RATE } from '../../../core/contract/media.ts'
import { connectionOf } from '../connection.ts'
import { post } from '../http.ts'
import type { ProviderScope } from '../provider-context.ts'
import { termsOf, timeLimit } from './stt-options.ts'
import { base64 } from './stt-protocol.ts'
import type { UtteranceTranscriber } from './transcriber.ts'

const Recognized = z.looseObject({
  results: z
    .array(z.looseObject({ alternatives: z.array(z.looseObject({ transcript: z.string().default('') })).default([]) }))
    .default([]),
})

/** Where a language alone is not enough for them. */
const REGION: Readonly<Record<string, string>> = {
  en: 'en-US',
  ar: 'ar-EG',
  cs: 'cs-CZ',
  da: 'da-DK',
  el: 'el-GR',
  he: 'iw-IL',
  hi: 'hi-IN',
  ja: 'ja-JP',
  ko: 'ko-KR',
  pt: 'pt-BR',
  sv: 'sv-SE',
  uk: 'uk-UA',
  vi: 'vi-VN',
  zh: 'cmn-Hans-CN',
}

const localeOf = (language: string): string =>
  language.includes('-') ? language : (REGION[language] ?? `${language}-${language.toUpperCase()}`)

/** https://cloud.google.com/speech-to-text/docs/reference/rest/v1/speech/recognize: streaming is gRPC with a service account only. */
export function createGoogleTranscriber({ document, secrets }: ProviderScope): UtteranceTranscriber {
  const config = document.stt_config
  const server = connectionOf('stt', config, secrets)
  const terms = termsOf(config)
  return {
    mode: 'utterance',
    eager: false,
    async transcribe(pcm, signal) {
      const response = await post({
        url: `${server.base_url}/v1/speech:recognize`,
        // In a header, since addresses end up in logs.
        headers: server.key ? { 'x-goog-api-key': server.key } : {},
        body: JSON.stringify({
          config: {
            encoding: 'LINEAR16',
            sampleRateHertz: UP_SAMPLE_RATE,
            audioChannelCount: 1,
            languageCode: localeOf(config.language),
            model: server.model,
            enableAutomaticPunctuation: true,
            ...(terms.length > 0 ? { speechContexts: [{ phrases: terms }] } : {}),
          },
          audio: { content: base64(pcm) },
        }),
        signal: timeLimit(config, signal),
      })
      const { results } = Recognized.parse(await response.json())
      return results
        .map(({ alternatives }) => alternatives[0]?.transcript.trim() ?? '')
        .filter(Boolean)
        .join(' ')
    },
    context: server.context,
  }
}
