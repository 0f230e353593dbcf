import { describe, expect, test } from 'vitest'
import { CURATED_MODELS, MODEL_SETS } from './curated-models.ts'
import { recommendedModels, unfitFor } from './fitness.ts'
import { llmProfile } from './llm-profiles.ts'
import { ModelId } from './model-id.ts'

const ids = CURATED_MODELS.map(({ model_id }) => model_id)

test('every model has a name of its own that is good for a folder, and every set is made of models of the list', () => {
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(ModelId.safeParse(id).success, id).toBe(true)
  for (const { set_id, model_ids } of MODEL_SETS) {
    expect(ids, set_id).toEqual(expect.arrayContaining([...model_ids]))
    expect(ids).not.toContain(set_id)
  }
})

describe.each(CURATED_MODELS.map((model) => [model.model_id, model] as const))('%s', (_id, model) => {
  test('says what it is, what it is good for, and its licence', () => {
    expect(model.name && model.description && model.licence).toBeTruthy()
    expect(model.languages.length).toBeGreaterThan(0)
    expect(model.needs_memory_bytes).toBeGreaterThan(model.disk_bytes)
  })

  test('comes from somewhere: each file from a hub, or all of them out of pinned packages', () => {
    const packaged = new Map<string, number>()
    for (const { entries, sha256, bytes } of model.packages ?? []) {
      expect(sha256).toMatch(/^[0-9a-f]{64}$/)
      expect(bytes).toBeGreaterThan(1000)
      for (const entry of entries) packaged.set(entry.name, (packaged.get(entry.name) ?? 0) + entry.bytes)
    }
    for (const { name, bytes, sha256, hub } of model.files) {
      if (sha256 !== undefined) expect(sha256).toMatch(/^[0-9a-f]{64}$/)
      if (model.packages) expect(packaged.get(name), name).toBe(bytes)
      else expect(hub, name).toBeDefined()
    }
  })
})

test.each([
  [2e9, 2, 'smollm2-135m-instruct'],
  [4e9, 4, 'llama-3.2-1b-instruct'],
  [8e9, 4, 'llama-3.2-3b-instruct'],
  [16e9, 2, 'qwen3-1.7b'],
  [16e9, 8, 'qwen3-4b-instruct-2507'],
])('of %d bytes of memory and %d cores, %s is recommended', (memory_bytes, cores, llm) => {
  expect([...recommendedModels(CURATED_MODELS, { memory_bytes, cores })]).toEqual(['whisper-tiny.en', 'piper-en_US-joe', llm])
})

test('what does not fit says why, and the demo is called one', () => {
  expect(unfitFor(4e9, 3.5e9)).toMatch(/3\.5 GB of memory .* 4\.0 GB/)
  expect(unfitFor(8e9, 3.5e9)).toBeUndefined()
  expect(llmProfile('smollm2-135m-instruct').demo).toBe(true)
  expect(CURATED_MODELS.find(({ model_id }) => model_id === 'smollm2-135m-instruct')?.description).toContain('demo')
})
