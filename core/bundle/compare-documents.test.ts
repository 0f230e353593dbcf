import { expect, test } from 'vitest'
import { compareDocuments } from './compare-documents.ts'

test('says where two documents differ, and how', () => {
  const before = { name: 'Ada', tags: ['a'], llm: { model: 'x', gone: 1 }, fields: [{ n: 1 }, { n: 2 }] }
  const after = { name: 'Ada', tags: ['a', 'b'], llm: { model: 'y', 'a/b': null }, fields: [{ n: 1 }, { n: 3 }] }
  expect(compareDocuments(before, after)).toEqual([
    { path: '/fields/1/n', before: 2, after: 3 },
    { path: '/llm/a~1b', after: null },
    { path: '/llm/gone', before: 1 },
    { path: '/llm/model', before: 'x', after: 'y' },
    { path: '/tags', before: ['a'], after: ['a', 'b'] },
  ])
  expect(compareDocuments(before, { ...before })).toEqual([])
})
