import { createStore, type StoreApi } from 'zustand/vanilla'
import type { StudioError } from '../../core/contract/errors.ts'
import type { AgentRevision, DocumentJson, StudioEvent } from '../../core/contract/index.ts'
import type { StudioClient } from '../client/studio-client.ts'
import { toStudioError } from '../client/use-operation.ts'
import { isUnsaved, keepMine, kept, openDraft, reconcile, saved, takeTheirs, typed, type Draft } from './draft.ts'

/** The promise is 300 ms after a keystroke; the rest is the way to the disk. */
const KEEP_AFTER_MS = 180

export type DraftState = Readonly<{
  draft?: Draft | undefined
  /** Why the agent could not be opened, or the last write could not be made. */
  error?: StudioError | undefined
  saving: boolean
}>

export type DraftStore = Readonly<{
  store: StoreApi<DraftState>
  change: (update: (content: DocumentJson) => DocumentJson) => void
  /** Validates and makes the next revision; undefined when it was refused (problems say why) or nothing is to be saved. */
  save: (note?: string) => Promise<AgentRevision | undefined>
  discard: () => Promise<void>
  reload: () => Promise<void>
  takeTheirs: () => void
  keepMine: () => void
  hear: (event: StudioEvent) => void
  /** Last words before the page goes. */
  flush: (keepalive: boolean) => void
  close: () => void
}>

/** Keeps one agent's text safe: every change reaches the host within 300 ms, is retried until it does, and never overwrites another window's. */
export function createDraftStore(studio: StudioClient, agent_id: string): DraftStore {
  const store = createStore<DraftState>(() => ({ saving: false }))
  let timer: ReturnType<typeof setTimeout> | undefined
  let sending: Promise<void> | undefined
  let closed = false

  const update = (change: (draft: Draft) => Draft) =>
    store.setState((state) => (state.draft ? { draft: change(state.draft) } : state))

  const reload = async () => {
    try {
      const detail = await studio.call('agent.get', { agent_id })
      const { draft } = store.getState()
      store.setState({ draft: draft ? reconcile(draft, detail) : openDraft(detail), error: undefined })
      schedule()
    } catch (cause) {
      store.setState({ error: toStudioError(cause) })
    }
  }

  const schedule = () => {
    const { draft } = store.getState()
    if (closed || timer !== undefined || sending || !draft?.unsent || draft.theirs) return
    timer = setTimeout(() => {
      timer = undefined
      void send()
    }, KEEP_AFTER_MS)
  }

  const write = async (draft: Draft, keepalive: boolean) => {
    const { content, based_on, edit } = draft
    try {
      const input = { agent_id, content, based_on, edit, client_id: studio.client_id }
      const copy = await studio.call('agent.edit', input, { keepalive })
      update((now) => kept(now, content, copy))
      store.setState({ error: undefined })
    } catch (cause) {
      const error = toStudioError(cause)
      if (error.code === 'conflict') await reload()
      // Out of reach: `hello` after the reconnect sends it again.
      else store.setState({ error })
    }
  }

  const send = async (keepalive = false) => {
    clearTimeout(timer)
    timer = undefined
    await sending
    const { draft } = store.getState()
    if (!draft?.unsent || draft.theirs) return
    sending = write(draft, keepalive)
    await sending
    sending = undefined
    if (!store.getState().error) schedule()
  }

  const save = async (note = '') => {
    await sending
    clearTimeout(timer)
    timer = undefined
    const { draft, saving } = store.getState()
    if (!draft || saving || draft.theirs || !isUnsaved(draft)) return undefined
    store.setState({ saving: true })
    const { content } = draft
    try {
      const revision = await studio.call('agent.save', { agent_id, content, based_on: draft.based_on, note })
      update((now) => saved(now, content, revision))
      store.setState({ error: undefined })
      return revision
    } catch (cause) {
      const error = toStudioError(cause)
      update((now) => ({ ...now, problems: error.problems }))
      store.setState({ error: error.code === 'invalid_document' ? undefined : error })
      if (error.code === 'conflict') {
        update((now) => ({ ...now, unsent: true }))
        await reload()
      }
      throw error
    } finally {
      store.setState({ saving: false })
      schedule()
    }
  }

  void reload()
  return {
    store,
    save,
    reload,
    change: (change) => {
      update((draft) => typed(draft, change(draft.content)))
      schedule()
    },
    discard: async () => {
      clearTimeout(timer)
      timer = undefined
      await sending
      const detail = await studio.call('agent.discard', { agent_id })
      update((draft) => ({ ...openDraft(detail), generation: draft.generation + 1 }))
    },
    takeTheirs: () => update(takeTheirs),
    keepMine: () => {
      update(keepMine)
      schedule()
    },
    hear: (event) => {
      const { draft, saving } = store.getState()
      if (event.type === 'hello') void reload()
      // Brought back after a deletion.
      if (!draft && event.type === 'agent.changed' && event.agent.agent_id === agent_id) void reload()
      if (!draft || saving) return
      const fromElsewhere =
        (event.type === 'agent.edited' &&
          event.agent_id === agent_id &&
          (event.working_copy ? event.working_copy.client_id !== studio.client_id : draft.edit > 0)) ||
        (event.type === 'agent.changed' && event.agent.agent_id === agent_id && event.agent.revision !== draft.head.revision)
      if (fromElsewhere) void reload()
    },
    flush: (keepalive) => void send(keepalive),
    close: () => {
      closed = true
      void send()
    },
  }
}
