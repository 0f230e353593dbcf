import { expect, test } from 'vitest'
import { AgentDetail, type DocumentJson } from '../../core/contract/index.ts'
import { isUnsaved, keepMine, kept, openDraft, reconcile, saved, takeTheirs, typed } from './draft.ts'

const text = (name: string): DocumentJson => ({ name })

const detail = (revision: number, head: string, copy?: { edit: number; name: string; based_on?: number }): AgentDetail =>
  AgentDetail.parse({
    summary: {
      id: 'x',
      agent_id: 'ada',
      name: head,
      description: '',
      agent_type: 'custom',
      tags: [],
      revision,
      unpublished: true,
      unsaved: copy !== undefined,
      field_count: 0,
      enabled: true,
      is_default: false,
      labels: {},
      created_at: 1,
      updated_at: 1,
    },
    head: { agent_id: 'ada', revision, content: text(head), content_hash: '', author: 'local', note: '', created_at: 1 },
    working_copy: copy && {
      content: text(copy.name),
      based_on: copy.based_on ?? revision,
      edit: copy.edit,
      client_id: 'other',
      at: 1,
    },
    read_only: false,
  })

test('what was typed before a crash is there again', () => {
  const draft = openDraft(detail(3, 'head', { edit: 7, name: 'typed' }))
  expect(draft).toMatchObject({ content: { name: 'typed' }, edit: 7, based_on: 3, unsent: false })
  expect(isUnsaved(draft)).toBe(true)
})

test('text typed while a write is on its way is still to be sent', () => {
  const first = typed(openDraft(detail(1, 'a')), text('b'))
  const second = typed(first, text('c'))
  const reply = { content: text('b'), based_on: 1, edit: 1, client_id: 'me', at: 1 }
  expect(kept(second, first.content, reply)).toMatchObject({ edit: 1, unsent: true, content: { name: 'c' } })
  expect(kept(first, first.content, reply).unsent).toBe(false)
})

test('another window replaces ours only when all of ours is kept', () => {
  const open = openDraft(detail(1, 'a'))
  expect(reconcile(open, detail(1, 'a', { edit: 1, name: 'theirs' }))).toMatchObject({
    content: { name: 'theirs' },
    generation: 1,
  })

  const both = reconcile(typed(open, text('mine')), detail(1, 'a', { edit: 1, name: 'theirs' }))
  expect(both).toMatchObject({ content: { name: 'mine' }, unsent: true, theirs: { content: { name: 'theirs' }, edit: 1 } })
  expect(takeTheirs(both)).toMatchObject({ content: { name: 'theirs' }, unsent: false, theirs: undefined })
  expect(keepMine(both)).toMatchObject({ content: { name: 'mine' }, edit: 1, unsent: true, theirs: undefined })
})

test('a save elsewhere is a conflict for unsent text, and ours is then based on the new head', () => {
  const both = reconcile(typed(openDraft(detail(1, 'a')), text('mine')), detail(2, 'saved elsewhere'))
  expect(both.theirs?.content).toEqual(text('saved elsewhere'))
  expect(keepMine(both)).toMatchObject({ based_on: 2, edit: 0, unsent: true, content: { name: 'mine' } })
})

test('a rename heard of late is no conflict: what is typed goes on under the new name', () => {
  const renamed = reconcile(typed(openDraft(detail(1, 'a')), { ...text('a'), description: 'mine' }), detail(2, 'b'))
  expect(renamed).toMatchObject({ content: { name: 'b', description: 'mine' }, based_on: 2, edit: 0, unsent: true })
  expect(renamed.theirs).toBeUndefined()
})

test('the same text from elsewhere is no conflict', () => {
  const same = reconcile(typed(openDraft(detail(1, 'a')), text('b')), detail(2, 'b'))
  expect(same).toMatchObject({ based_on: 2, edit: 0, unsent: false, generation: 0 })
  expect(same.theirs).toBeUndefined()
})

test('after a save nothing is unsaved, except what was typed meanwhile', () => {
  const draft = typed(openDraft(detail(1, 'a')), text('b'))
  const revision = { ...detail(2, 'b').head }
  expect(isUnsaved(saved(draft, draft.content, revision))).toBe(false)
  expect(isUnsaved(saved(typed(draft, text('c')), draft.content, revision))).toBe(true)
})

test('a document of a newer Greenroom cannot be typed into', () => {
  const draft = { ...openDraft(detail(1, 'a')), read_only: true }
  expect(typed(draft, text('b'))).toBe(draft)
})
