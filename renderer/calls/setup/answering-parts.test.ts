import { expect, test } from 'vitest'
import { AgentDocument } from '../../../core/agent/document.ts'
import { LocalModel } from '../../../core/contract/index.ts'
import { answeringParts, neededSecrets, type MachineFacts } from './answering-parts.ts'

const documentWith = (parts: Record<string, unknown>) =>
  AgentDocument.parse({ agent_id: 'ada', name: 'Ada', prompt_config: { instructions: 'Be kind.' }, ...parts })
const model = (kind: 'stt' | 'llm' | 'tts') =>
  LocalModel.parse({
    model_id: `own-${kind}`,
    kind,
    name: `Own ${kind}`,
    description: '',
    licence: '',
    languages: [],
    download_bytes: 1,
    disk_bytes: 1,
    source: '',
    checked: 'own',
    installed: true,
  })
const nothing: MachineFacts = { models: [], secrets: [], offline: false, what_if: {} }
const speech: MachineFacts = { ...nothing, models: [model('stt'), model('tts')] }

test('without models on this machine, what takes over is named as what it is', () => {
  const parts = answeringParts(documentWith({ llm_config: { provider: 'rehearsal' } }), nothing)
  expect(parts.map(({ name, state }) => [name, state])).toEqual([
    ['Rehearsal (no AI)', 'substitute'],
    ['Rehearsal (no AI)', 'ready'],
    ['eSpeak NG', 'substitute'],
  ])
  expect(parts[1]?.note).toContain('Not an AI')
})

test('with models, built-in speech is ready; a remote model without its key is not, a local one needs none', () => {
  const remote = documentWith({ llm_config: { provider: 'openai-compatible', model: 'gpt-4.1' } })
  expect(neededSecrets(remote)).toEqual(['env:OPENAI_API_KEY'])
  expect(answeringParts(remote, speech).map(({ state }) => state)).toEqual(['ready', 'missing', 'ready'])
  const local = documentWith({
    llm_config: { provider: 'openai-compatible', model: 'qwen', base_url: 'http://127.0.0.1:11434/v1' },
  })
  expect(neededSecrets(local)).toEqual([])
  expect(answeringParts(local, speech)[1]).toMatchObject({ state: 'ready', detail: 'qwen · 127.0.0.1:11434' })
})

test('a model of this machine is called by its name, and a tiny LLM is shown as the demo that it is', () => {
  const demo = { ...model('llm'), model_id: 'smollm2-135m-instruct', name: 'SmolLM2', description: 'A demo.' }
  const parts = (llm_config: object) =>
    answeringParts(documentWith({ llm_config }), { ...speech, models: [...speech.models!, demo] })
  expect(parts({ provider: 'builtin' })[1]).toMatchObject({ detail: 'SmolLM2', note: 'A demo.', state: 'ready' })
  expect(parts({ provider: 'builtin', model: 'smollm2-135m-instruct' })[1]).toMatchObject({ detail: 'SmolLM2', note: 'A demo.' })
  expect(parts({ provider: 'builtin', model: 'qwen3-1.7b' })[1]?.detail).toBe('qwen3-1.7b')
})

test('in offline mode a provider elsewhere is not asked, whatever its key', () => {
  const remote = documentWith({ llm_config: { provider: 'openai-compatible', api_key: 'secret:x' } })
  expect(answeringParts(remote, { ...speech, offline: true })[1]).toMatchObject({
    state: 'substitute',
    detail: 'in offline mode',
  })
  expect(answeringParts(remote, { ...speech, models: [model('llm')], offline: true })[1]).toMatchObject({ name: 'Own llm' })
})

test('what if: the pace of another vendor answers, and nobody needs a key for it', () => {
  const remote = documentWith({ llm_config: { provider: 'openai-compatible', model: 'gpt-4.1' } })
  expect(answeringParts(remote, { ...speech, what_if: { llm: 'haiku-4.5' } })[1]).toMatchObject({
    name: 'Claude Haiku 4.5',
    detail: 'instead of OpenAI-compatible',
    state: 'rehearsed',
  })
})

test('later choices are named', () => {
  const document = documentWith({
    llm_config: { provider: 'rehearsal', fallbacks: [{ provider: 'openai-compatible', model: 'm' }] },
  })
  expect(answeringParts(document, speech)[1]?.then).toEqual(['OpenAI-compatible m'])
})
