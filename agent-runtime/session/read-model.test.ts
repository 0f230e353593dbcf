import { initializeLogger, llm } from '@livekit/agents'
import { expect, test } from 'vitest'
import { Usage } from '../../core/contract/session-events.ts'
import { StreamedModel, type ModelUsage } from '../providers/llm/streamed-model.ts'
import { readModel } from './read-model.ts'

initializeLogger({ pretty: false, level: 'silent' })

/** What a turn would keep of this. */
async function usageOf(usage: ModelUsage): Promise<Usage> {
  const ask = async function* () {
    await Promise.resolve()
    yield { text: 'Hello.' }
    yield { usage }
  }
  const open = () => new StreamedModel({ provider: 'test', model: 'm' }, ask)
  const model = { open, extraKwargs: {}, patience_ms: 10_000, context: { kind: 'llm', name: 'Test' } } as const
  const pieces = await Array.fromAsync(readModel(model, llm.ChatContext.empty(), new AbortController().signal, 0))
  return Usage.parse(pieces.flatMap((piece) => piece.usage ?? [])[0])
}

test('a server may count as it likes: what is no number of tokens is left out, and the turn is kept', async () => {
  const counts = { completionTokens: 7, promptTokens: 5, promptCachedTokens: 0, totalTokens: 12 }
  expect(await usageOf(counts)).toEqual({ prompt_tokens: 5, completion_tokens: 7 })
  expect(await usageOf({ ...counts, promptTokens: Number.NaN, completionTokens: -3 })).toEqual({})
  expect(await usageOf({ ...counts, promptTokens: 1e300, completionTokens: 1.6, promptCachedTokens: 0.4 })).toEqual({
    prompt_tokens: 1_000_000_000,
    completion_tokens: 2,
    cached_tokens: 0,
  })
})
