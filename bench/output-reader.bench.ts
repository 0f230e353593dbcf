import { parse as parsePartial } from 'partial-json'
import { parse as parseRiver } from 'jsonriver'
import { createOutputReader } from '../core/output/output-reader.ts'

/** One reply of about `size` characters: a table's usual mix, the spoken text being most of it. */
export function replyOf(size: number): string {
  const sentence = 'Thank you, that is clearer: "three years" in Lahore \u2013 na\u00efve \ud83d\ude00 question, which ward? '
  const output = {
    interview_stage: 'background_inquiry',
    credibility_score: 6,
    needs_document: false,
    voice_instructions: 'brisk, a little doubtful',
    system_response: sentence.repeat(Math.ceil((size * 0.7) / sentence.length)),
    red_flags: Array.from({ length: Math.ceil((size * 0.3) / 60) }, (_, n) => `claim ${n} does not fit the form\nline ${n * 7}`),
  }
  return JSON.stringify(output)
}

/** As a model streams it: pieces of four characters. */
export const inChunks = (text: string, size = 4): string[] => text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []

async function* streamOf(chunks: readonly string[]): AsyncGenerator<string> {
  yield* chunks
}

/**
 * P3: reading one reply incrementally, every side over the same chunks and to its end. Each returns the final object, so that
 * nothing is optimised away. partial-json has no state and reads the whole prefix again at every chunk: for scale only.
 */
export function outputReaderBench(chunks: readonly string[]) {
  return {
    ours: (): unknown => {
      const reader = createOutputReader({ spoken_field: 'system_response' })
      let output: unknown
      for (const chunk of chunks) for (const event of reader.push(chunk)) if (event.type === 'object.done') output = event.output
      for (const event of reader.end()) if (event.type === 'object.done') output = event.output
      return output
    },
    peers: {
      jsonriver: async (): Promise<unknown> => {
        let output: unknown
        for await (const value of parseRiver(streamOf(chunks))) output = value
        return output
      },
      'partial-json': (): unknown => {
        let text = ''
        let output: unknown
        for (const chunk of chunks) {
          text += chunk
          output = parsePartial(text)
        }
        return output
      },
    },
  }
}
