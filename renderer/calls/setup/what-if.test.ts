import { expect, test } from 'vitest'
import { rehearsalPresets } from '../../../core/providers/index.ts'
import { paceOf, pacesOf, usableWhatIf, whatIfWords } from './what-if.ts'

test('every pace but our own names where it was published', () => {
  expect(pacesOf('llm').map(({ id }) => id)).toEqual(rehearsalPresets.map(({ id }) => id))
  for (const kind of ['llm', 'stt', 'tts'] as const) {
    for (const { id, source } of pacesOf(kind)) expect(source).toMatch(id === 'instant' ? /^$/ : /^https:/)
  }
})

test('a typed call rehearses no speech, and what is not rehearsed here any more is not asked for', () => {
  expect(usableWhatIf({ llm: 'gpt-4.1', stt: 'gone' }, true)).toEqual({ llm: 'gpt-4.1' })
  expect(usableWhatIf({ llm: 'no such model' }, true)).toEqual({})
  const stt = pacesOf('stt')[0]?.id
  if (stt !== undefined) expect(usableWhatIf({ stt }, false)).toEqual({})
})

test('what is rehearsed is said in words', () => {
  expect(whatIfWords({ llm: 'gpt-4.1' })).toEqual([`Language model at the pace of ${paceOf('llm', 'gpt-4.1')?.label ?? ''}`])
  expect(whatIfWords({})).toEqual([])
})
