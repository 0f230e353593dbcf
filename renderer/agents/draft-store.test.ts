import { expect, test } from 'vitest'
import { StudioError } from '../../core/contract/studio-error.ts'
import { AgentDetail, WorkingCopy, type DocumentJson, type StudioEvent } from '../../core/contract/index.ts'
import type { StudioClient } from '../client/studio-client.ts'
import { fromWire } from '../client/wire.ts'
import { createDraftStore } from './draft-store.ts'

/** A host of one agent that keeps working copies as the real one does, and can be out of reach. */
function createFakeHost() {
  let copy: WorkingCopy | undefined
  let away = false
  const waiting = new Set<() => void>()
  const detail = (): AgentDetail =>
    AgentDetail.parse({
      summary: {
        id: 'x',
        agent_id: 'ada',
        name: 'Ada',
        description: '',
        agent_type: 'custom',
        tags: [],
        revision: 1,
        unpublished: true,
        unsaved: copy !== undefined,
        field_count: 0,
        enabled: true,
        is_default: false,
        labels: {},
        created_at: 1,
        updated_at: 1,
      },
      head: { agent_id: 'ada', revision: 1, content: { name: 'Ada' }, content_hash: '', author: '', note: '', created_at: 1 },
      ...(copy ? { working_copy: copy } : {}),
      read_only: false,
    })
  const write = (content: DocumentJson, client_id: string, edit: number) => {
    if (edit !== (copy?.edit ?? 0)) throw new StudioError('conflict', 'changed', '')
    copy = WorkingCopy.parse({ content, based_on: 1, edit: edit + 1, client_id, at: 1 })
    waiting.forEach((resolve) => resolve())
    return copy
  }
  const call = async (name: string, input: unknown): Promise<unknown> => {
    await Promise.resolve()
    if (away) throw new StudioError('unavailable', 'away', '')
    if (name === 'agent.get') return detail()
    const { content, client_id, edit } = fromWire<{ content: DocumentJson; client_id: string; edit: number }>(input)
    return write(content, client_id, edit)
  }
  return {
    studio: fromWire<StudioClient>({ client_id: 'me', call }),
    setAway: (value: boolean) => {
      away = value
    },
    content: () => copy?.content,
    /** Another window writes. */
    writeElsewhere: (content: DocumentJson) => write(content, 'other', copy?.edit ?? 0),
    written: () => new Promise<void>((resolve) => waiting.add(resolve)),
  }
}

const until = (store: ReturnType<typeof createDraftStore>['store'], is: (state: ReturnType<typeof store.getState>) => boolean) =>
  new Promise<void>((resolve) => {
    if (is(store.getState())) return resolve()
    const off = store.subscribe((state) => {
      if (!is(state)) return
      off()
      resolve()
    })
  })

const hello: StudioEvent = { type: 'hello', host_id: 'x' }

test('what is typed reaches the host by itself, the last state of it', async () => {
  const host = createFakeHost()
  const draft = createDraftStore(host.studio, 'ada')
  await until(draft.store, ({ draft: open }) => open !== undefined)
  draft.change(() => ({ name: 'A' }))
  draft.change(() => ({ name: 'AB' }))
  await until(draft.store, ({ draft: open }) => open?.unsent === false)
  expect(host.content()).toEqual({ name: 'AB' })
})

test('text that could not be written is kept here and written after the reconnect', async () => {
  const host = createFakeHost()
  const draft = createDraftStore(host.studio, 'ada')
  await until(draft.store, ({ draft: open }) => open !== undefined)
  host.setAway(true)
  draft.change(() => ({ name: 'while away' }))
  await until(draft.store, ({ error }) => error?.code === 'unavailable')
  expect(draft.store.getState().draft).toMatchObject({ content: { name: 'while away' }, unsent: true })
  host.setAway(false)
  draft.hear(hello)
  await until(draft.store, ({ draft: open }) => open?.unsent === false)
  expect(host.content()).toEqual({ name: 'while away' })
})

test("another window's text is never overwritten unseen", async () => {
  const host = createFakeHost()
  const draft = createDraftStore(host.studio, 'ada')
  await until(draft.store, ({ draft: open }) => open !== undefined)
  draft.change(() => ({ name: 'mine' }))
  host.writeElsewhere({ name: 'theirs' })
  await until(draft.store, ({ draft: open }) => open?.theirs !== undefined)
  expect(host.content()).toEqual({ name: 'theirs' })
  draft.keepMine()
  await until(draft.store, ({ draft: open }) => open?.unsent === false)
  expect(host.content()).toEqual({ name: 'mine' })
})
