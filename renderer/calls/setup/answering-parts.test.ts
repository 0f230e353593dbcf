import { expect, test } from 'vitest'
import { AgentDocument } from '../../../core/agent/document.ts'
import type { ModelSet } from '../../../core/contract/index.ts'
import { answeringParts, neededSecrets } from './answering-parts.ts'

const documentWith = (parts: Record<string, unknown>) =>
  AgentDocument.parse({ agent_id: 'ada', name: 'Ada', prompt_config: { instructions: 'Be kind.' }, ...parts })
const starter: ModelSet = {
  set_id: 'starter',
  name: 'Starter',
  download_bytes: 1,
  disk_bytes: 1,
  licence: '',
  model_ids: [],
  installed: false,
  folder: '',
}

test('without the built-in set, what takes over is named as what it is', () => {
  const parts = answeringParts(documentWith({}), { sets: [starter], secrets: [] })
  expect(parts.map(({ name, state }) => [name, state])).toEqual([
    ['Rehearsal (no AI)', 'substitute'],
    ['Rehearsal (no AI)', 'ready'],
    ['eSpeak NG', 'substitute'],
  ])
  expect(parts[1]?.note).toContain('Not an AI')
})

test('with the set, built-in speech is ready; a remote model without its key is not, a local one needs none', () => {
  const remote = documentWith({ llm_config: { provider: 'openai-compatible', model: 'gpt-4.1' } })
  const facts = { sets: [{ ...starter, installed: true }], secrets: [] }
  expect(neededSecrets(remote)).toEqual(['env:OPENAI_API_KEY'])
  expect(answeringParts(remote, facts).map(({ state }) => state)).toEqual(['ready', 'missing', 'ready'])
  const local = documentWith({
    llm_config: { provider: 'openai-compatible', model: 'qwen', base_url: 'http://127.0.0.1:11434/v1' },
  })
  expect(neededSecrets(local)).toEqual([])
  expect(answeringParts(local, facts)[1]).toMatchObject({ state: 'ready', detail: 'qwen · 127.0.0.1:11434' })
})
