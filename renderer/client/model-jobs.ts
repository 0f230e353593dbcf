import { createStore, type StoreApi } from 'zustand/vanilla'
import type { StudioError } from '../../core/contract/errors.ts'
import { isModelProgress, type ModelProgress, type StudioEvent } from '../../core/contract/index.ts'
import { toStudioError } from './use-operation.ts'
import type { StudioClient } from './studio-client.ts'

/** What is done to a model or a set now, or how it failed. */
export type ModelJob = Readonly<{ progress?: ModelProgress; job_id?: string; error?: StudioError }>

/** By what was asked for: the id of a model or a set. */
export type ModelJobsState = Readonly<Record<string, ModelJob>>

export type ModelJobEvent =
  | StudioEvent
  | Readonly<{ type: 'asked'; id: string; phase: ModelProgress['phase'] }>
  | Readonly<{ type: 'settled'; id: string; error?: StudioError }>

export function applyModelJobEvent(state: ModelJobsState, event: ModelJobEvent): ModelJobsState {
  switch (event.type) {
    case 'asked': {
      const { id, phase } = event
      return { ...state, [id]: { progress: { id, phase, item: '', done_bytes: 0, total_bytes: 0 } } }
    }
    case 'settled':
      return { ...without(state, ({ id }) => id === event.id), ...(event.error ? { [event.id]: { error: event.error } } : {}) }
    case 'job.progress': {
      const { progress, job_id } = event
      if (!isModelProgress(progress)) return state
      if (progress.phase === 'done') return without(state, ({ id }) => id === progress.id)
      return { ...state, [progress.id]: { progress, job_id } }
    }
    case 'job.ended':
      return without(state, ({ job }) => job.job_id === event.job_id)
    // The host was away, and with it all that it was doing.
    case 'hello':
      return without(state, ({ job }) => job.error === undefined)
    default:
      return state
  }
}

function without(state: ModelJobsState, isGone: (entry: { id: string; job: ModelJob }) => boolean): ModelJobsState {
  const kept = Object.entries(state).filter(([id, job]) => !isGone({ id, job }))
  return kept.length === Object.keys(state).length ? state : Object.fromEntries(kept)
}

/** Fetching and measuring of this window and of others; it goes on, and is told, wherever one is in the studio. */
export type ModelJobs = Readonly<{
  store: StoreApi<ModelJobsState>
  /** Its failure is kept in the store, where the row shows it. */
  get: (id: string, source?: string) => Promise<void>
  measure: (model_id: string) => Promise<void>
  cancel: (id: string) => Promise<void>
  dismiss: (id: string) => void
  close: () => void
}>

export function createModelJobs(studio: StudioClient): ModelJobs {
  const store = createStore<ModelJobsState>(() => ({}))
  const apply = (event: ModelJobEvent) => store.setState((state) => applyModelJobEvent(state, event), true)
  const mine = new Map<string, AbortController>()
  const run = async (id: string, phase: ModelProgress['phase'], work: (signal: AbortSignal) => Promise<unknown>) => {
    const abort = new AbortController()
    mine.set(id, abort)
    apply({ type: 'asked', id, phase })
    try {
      await work(abort.signal)
      apply({ type: 'settled', id })
    } catch (cause) {
      const error = toStudioError(cause)
      apply({ type: 'settled', id, ...(error.code === 'cancelled' ? {} : { error }) })
    } finally {
      if (mine.get(id) === abort) mine.delete(id)
    }
  }
  return {
    store,
    get: (id, source) =>
      run(id, 'downloading', (signal) => studio.call('model.get', { id, ...(source ? { source } : {}) }, { signal })),
    measure: (model_id) => run(model_id, 'measuring', (signal) => studio.call('model.measure', { model_id }, { signal })),
    async cancel(id) {
      const own = mine.get(id)
      if (own) return own.abort()
      const job_id = store.getState()[id]?.job_id
      if (job_id === undefined) return
      await studio
        .call('job.cancel', { job_id })
        .catch((cause: unknown) => apply({ type: 'settled', id, error: toStudioError(cause) }))
    },
    dismiss: (id) => apply({ type: 'settled', id }),
    close: studio.onEvent(apply),
  }
}
