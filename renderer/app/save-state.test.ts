import { expect, test } from 'vitest'
import { AgentRevision } from '../../core/contract/index.ts'
import type { Draft } from '../agents/draft.ts'
import { saveState } from './save-state.ts'

const head = AgentRevision.parse({
  agent_id: 'a',
  revision: 41,
  content: {},
  content_hash: '',
  author: '',
  note: '',
  created_at: 1,
})
const draft: Draft = {
  agent_id: 'a',
  head,
  content: {},
  based_on: 41,
  edit: 0,
  unsent: false,
  read_only: false,
  problems: [],
  generation: 0,
}
const text = (more: Partial<Draft>, connection: 'online' | 'offline' = 'online') =>
  saveState({ draft: { ...draft, ...more }, saving: false }, connection).text

test('says where the text is', () => {
  expect(text({})).toBe('Saved as revision 41')
  expect(text({ edit: 2 })).toBe('Unsaved · kept beside revision 41')
  expect(text({ unsent: true }, 'offline')).toBe('Not kept yet: no connection')
  expect(text({ edit: 2, problems: [{ path: '', message: '' }] })).toBe('Not saved: a problem')
  expect(text({ theirs: { content: {}, based_on: 1, edit: 1 } })).toBe('Changed in another window')
})
