import { expect, test } from 'vitest'
import { callerWords, EMPTY_CALLER, keptCaller, readCaller } from './caller-details.ts'

test('nothing typed is nobody in particular', () => {
  expect(readCaller(EMPTY_CALLER)).toEqual({ details: undefined, problems: {} })
  expect(callerWords(EMPTY_CALLER)).toBe('nobody in particular')
})

test('what was typed becomes what a caller brings along', () => {
  const draft = {
    user_name: ' Ana ',
    user_id: 'u1',
    user_details: '{"level": 3}',
    metadata: '{"purpose": "support"}',
    attributes: [
      { key: 'plan', value: 'gold' },
      { key: '', value: '' },
    ],
  }
  expect(readCaller(draft).details).toEqual({
    user_name: 'Ana',
    user_id: 'u1',
    user_details: { level: 3 },
    metadata: { purpose: 'support' },
    attributes: { plan: 'gold' },
  })
  expect(keptCaller(draft)).toEqual(draft)
})

test('what cannot be read is told at its place, and nothing of it is sent', () => {
  const draft = {
    ...EMPTY_CALLER,
    user_name: 'Ana',
    user_details: '[1]',
    metadata: '{"a":',
    attributes: [
      { key: 'plan', value: 'a' },
      { key: 'plan', value: 'b' },
    ],
  }
  const { details, problems } = readCaller(draft)
  expect(details).toBeUndefined()
  expect(Object.keys(problems)).toEqual(['user_details', 'metadata', 'attributes'])
})
