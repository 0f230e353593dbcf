import { expect, test } from 'vitest'
import { LocalModel } from '../../../core/contract/index.ts'
import { bestModel, isOfflineStack, missingKinds, withOfflineStack } from './offline-stack.ts'
import { listOf } from './provider-block.ts'

const model = (kind: 'stt' | 'llm' | 'tts', model_id: string, more: Partial<LocalModel> = {}): LocalModel =>
  LocalModel.parse({
    model_id,
    kind,
    name: model_id,
    description: '',
    licence: 'MIT',
    languages: [],
    download_bytes: 1,
    disk_bytes: 1,
    source: '',
    checked: 'pinned',
    installed: true,
    ...more,
  })

test('the model that knows the language comes before the recommended one', () => {
  const models = [
    model('stt', 'en', { languages: ['en'], recommended: true }),
    model('stt', 'many', { languages: ['en', 'de'] }),
    model('stt', 'away', { languages: ['de'], installed: false, recommended: true }),
  ]
  expect(bestModel(models, 'stt', 'en')?.model_id).toBe('en')
  expect(bestModel(models, 'stt', 'de')?.model_id).toBe('many')
})

test('one edit puts what has models here on this machine, and drops choices that would ask somebody else', () => {
  const kinds = (['stt', 'llm', 'tts'] as const).filter((kind) => listOf(kind).some(({ needs }) => needs.kind === 'models'))
  const models = [model('stt', 's'), model('llm', 'l'), model('tts', 't', { voices: [{ value: 'v1', label: 'V' }] })]
  expect(missingKinds([])).toEqual(kinds)
  const before = {
    name: 'Ada',
    stt_config: {
      provider: 'openai-compatible',
      language: 'en',
      fallbacks: [{ provider: 'openai-compatible' }, { provider: 'rehearsal' }],
    },
    llm_config: { provider: 'openai-compatible', api_key: 'secret:x', fallbacks: [{ provider: 'builtin' }] },
    tts_config: { provider: 'openai-compatible' },
  }
  const after = withOfflineStack(before, models)
  expect(after).toMatchObject({
    name: 'Ada',
    stt_config: { provider: 'builtin', model: 's', fallbacks: [{ provider: 'rehearsal' }] },
    llm_config: { provider: 'builtin', model: 'l' },
    tts_config: { provider: 'builtin', model: 't', voice_id: 'v1' },
  })
  expect(after['llm_config']).not.toHaveProperty('fallbacks')
  expect(isOfflineStack(before)).toBe(false)
  expect(isOfflineStack(after)).toBe(kinds.length === 3)
  expect(withOfflineStack(after, models)).toEqual(after)
})
