import { expect, test } from 'vitest'
import type { LocalModel, ModelSet } from '../../../core/contract/index.ts'
import { languagesText, modelRows, noFilter, offeredSets, setBringing } from './model-rows.ts'

const model = (model_id: string, kind: LocalModel['kind'], rest: Partial<LocalModel> = {}): LocalModel => ({
  model_id,
  kind,
  name: model_id,
  description: '',
  licence: 'MIT',
  languages: ['en'],
  voices: [],
  streaming: false,
  download_bytes: 1,
  disk_bytes: 1,
  source: 'hub',
  checked: 'pinned',
  installed: false,
  recommended: false,
  ...rest,
})
const set = (set_id: string, model_ids: string[], installed = false): ModelSet => ({
  set_id,
  name: set_id,
  download_bytes: 1,
  disk_bytes: 1,
  licence: '',
  model_ids,
  installed,
  folder: '/models',
})
const ids = (rows: ReturnType<typeof modelRows>) =>
  rows.map((row) => (row.type === 'kind' ? `# ${row.kind}` : row.model.model_id))

test('kind by kind: what is here, what is recommended, the rest, and what is too large', () => {
  const models = [
    model('large', 'llm', { unfit: 'too large' }),
    model('voice', 'tts'),
    model('plain', 'llm'),
    model('best', 'llm', { recommended: true }),
    model('mine', 'llm', { installed: true }),
  ]
  expect(ids(modelRows(models, noFilter))).toEqual(['# llm', 'mine', 'best', 'plain', 'large', '# tts', 'voice'])
  expect(ids(modelRows(models, { ...noFilter, here: true }))).toEqual(['# llm', 'mine'])
  expect(ids(modelRows(models, { ...noFilter, kind: 'tts' }))).toEqual(['# tts', 'voice'])
})

test('every word is looked for, in names of languages too', () => {
  const models = [model('a', 'stt', { languages: ['de'] }), model('b', 'stt', { licence: 'Apache-2.0' })]
  expect(ids(modelRows(models, { ...noFilter, query: 'german' }))).toEqual(['# stt', 'a'])
  expect(ids(modelRows(models, { ...noFilter, query: 'apache english' }))).toEqual(['# stt', 'b'])
  expect(modelRows(models, { ...noFilter, query: 'french' })).toEqual([])
})

test('languages in few words', () => {
  expect(languagesText(['en'])).toBe('English')
  expect(languagesText(['en', 'de', 'fr'])).toBe('3 languages')
  expect(languagesText([])).toBe('not known')
})

test('sets are offered while a part of a call is missing', () => {
  const starter = set('starter', ['w', 'p', 'l'])
  const speech = set('speech', ['w', 'p'])
  expect(offeredSets([], [starter, speech])).toEqual([starter, speech])
  const heard = [model('w', 'stt', { installed: true }), model('p', 'tts', { installed: true })]
  expect(offeredSets(heard, [starter, { ...speech, installed: true }])).toEqual([starter])
  expect(offeredSets([...heard, model('own', 'llm', { installed: true })], [starter, speech])).toEqual([])
})

test('a model comes with the set that is being fetched', () => {
  const starter = set('starter', ['w'])
  expect(setBringing('w', [starter], (id) => id === 'starter')).toBe(starter)
  expect(setBringing('x', [starter], () => true)).toBeUndefined()
  expect(setBringing('w', [starter], () => false)).toBeUndefined()
})
