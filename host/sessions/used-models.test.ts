import { expect, test } from 'vitest'
import { parseAgent } from '../../core/agent/parse-agent.ts'
import { builtinModelsOf } from './used-models.ts'

function document(blocks: object) {
  const parsed = parseAgent({
    format: 1,
    agent_id: 'ada',
    name: 'Ada',
    prompt_config: { instructions: 'You are Ada.' },
    ...blocks,
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.document
}

test('a document uses the local models that it names, in its fallbacks too, and no others', () => {
  const used = builtinModelsOf(
    document({
      stt_config: { provider: 'deepgram', fallbacks: [{ provider: 'builtin', model: 'whisper-base' }] },
      llm_config: { provider: 'builtin' },
      tts_config: { provider: 'builtin', model: 'kokoro-82m-int8', voice_id: '3' },
    }),
  )
  expect(used).toEqual(['stt:whisper-base', 'llm:', 'tts:kokoro-82m-int8', 'tts:3'])
  expect(
    builtinModelsOf(
      document({
        llm_config: { provider: 'openai', model: 'gpt-4.1' },
        stt_config: { provider: 'rehearsal' },
        tts_config: { provider: 'espeak-ng' },
      }),
    ),
  ).toEqual([])
})
