import { v7 } from 'uuid'
import type {
  InputOf,
  JournalPosition,
  JobProgress,
  OperationName,
  OutputOf,
  SessionStreamMessage,
  StudioEvent,
} from '../../core/contract/index.ts'
import type { ErrorBody } from '../../core/contract/errors.ts'
import { StudioError } from '../../core/contract/studio-error.ts'
import type { EarlyAnswers } from './early-answers.ts'
import { openSocket } from './reconnecting-socket.ts'
import { followSession } from './session-stream.ts'
import { fromWire } from './wire.ts'

/** `logged_out`: the host answers, but no longer knows this page. */
export type Connection = 'connecting' | 'online' | 'offline' | 'logged_out'

export type CallOptions = Readonly<{
  signal?: AbortSignal
  onProgress?: (progress: JobProgress) => void
  /** Outlives the page: for the last words before it goes. */
  keepalive?: boolean
}>

/** Everything that the page says to the host and hears from it. One per window. */
export type StudioClient = Readonly<{
  /** Names this window in events, so that it knows its own echo. */
  client_id: string
  /** Throws StudioError; `unavailable` when the host cannot be reached. An aborted job is cancelled at the host. */
  call: <Name extends OperationName>(name: Name, input: InputOf<Name>, options?: CallOptions) => Promise<OutputOf<Name>>
  onEvent: (listener: (event: StudioEvent) => void) => () => void
  /** Tells the present state at once, then every change. */
  onConnection: (listener: (connection: Connection) => void) => () => void
  /** The journal after `after`, then everything live; it reconnects by itself and never repeats an event of the journal. */
  openSession: (session_id: string, after: JournalPosition, listener: (message: SessionStreamMessage) => void) => () => void
  upload: (bytes: Blob) => Promise<{ upload_id: string }>
  close: () => void
}>

const unreachable = (cause: unknown) =>
  new StudioError(
    'unavailable',
    'Greenroom does not answer',
    'Nothing that you typed is lost. It is sent again as soon as the host is back.',
    [],
    { cause },
  )

/** What was asked while the page began is fresh when the first `hello` comes; asking again can wait until the page is usable. */
const FIRST_HELLO_WAITS_MS = 1_500

/** `origin` is the page's own, except in tests. */
export function createStudioClient(origin: string, early?: EarlyAnswers): StudioClient {
  const eventListeners = new Set<(event: StudioEvent) => void>()
  const connectionListeners = new Set<(connection: Connection) => void>()
  const progressListeners = new Map<string, (progress: JobProgress) => void>()
  const socketOrigin = origin.replace(/^http/, 'ws')
  let connection: Connection = 'connecting'
  let greeted = false

  const setConnection = (next: Connection) => {
    if (next === connection) return
    connection = next
    for (const listener of connectionListeners) listener(next)
  }

  const post = async (
    path: string,
    body: Blob | string,
    headers: Record<string, string>,
    { signal, keepalive = false }: CallOptions = {},
    asked?: Promise<Response>,
  ) => {
    const request =
      asked ?? fetch(`${origin}${path}`, { method: 'POST', body, headers, keepalive, ...(signal ? { signal } : {}) })
    const response = await request.catch((cause: unknown) => {
      if (signal?.aborted) throw new StudioError('cancelled', 'Cancelled', 'Start it again when you want it.', [], { cause })
      throw unreachable(cause)
    })
    if (response.status === 401) setConnection('logged_out')
    const value: unknown = await response.json().catch((cause: unknown) => {
      throw unreachable(cause)
    })
    if (response.ok) return value
    const { error } = fromWire<{ error?: ErrorBody }>(value)
    if (!error) throw unreachable(value)
    throw new StudioError(error.code, error.message, error.hint, error.problems)
  }

  const call: StudioClient['call'] = async (name, input, options = {}) => {
    const job_id = v7()
    const cancel = () => void post('/api/op/job.cancel', JSON.stringify({ job_id }), JSON_HEADERS).catch(() => undefined)
    if (options.onProgress) progressListeners.set(job_id, options.onProgress)
    options.signal?.addEventListener('abort', cancel, { once: true })
    try {
      const headers = { ...JSON_HEADERS, 'x-job-id': job_id }
      const body = JSON.stringify(input)
      return fromWire(await post(`/api/op/${name}`, body, headers, options, early?.take(name, body)))
    } finally {
      progressListeners.delete(job_id)
      options.signal?.removeEventListener('abort', cancel)
    }
  }

  const tell = (event: StudioEvent) => {
    for (const listener of eventListeners) listener(event)
  }
  const hear = (event: StudioEvent) => {
    if (event.type === 'hello') setConnection('online')
    if (event.type === 'hello' && !greeted) {
      greeted = true
      setTimeout(() => tell(event), FIRST_HELLO_WAITS_MS)
      return
    }
    if (event.type === 'job.progress') progressListeners.get(event.job_id)?.(event.progress)
    tell(event)
  }

  const events = openSocket({
    url: () => `${socketOrigin}/events`,
    onMessage: (text) => hear(fromWire(JSON.parse(text))),
    onDown: () => {
      setConnection('offline')
      // A refused upgrade looks like a lost network to a page; a plain request tells them apart.
      void post('/api/op/setting.get', '{}', JSON_HEADERS).catch(() => undefined)
    },
  })

  return {
    client_id: v7(),
    call,
    onEvent: (listener) => {
      eventListeners.add(listener)
      return () => eventListeners.delete(listener)
    },
    onConnection: (listener) => {
      connectionListeners.add(listener)
      listener(connection)
      return () => connectionListeners.delete(listener)
    },
    openSession: (session_id, after, listener) => followSession(`${socketOrigin}/events/sessions/${session_id}`, after, listener),
    upload: async (bytes) => fromWire(await post('/files/import', bytes, { 'content-type': 'application/octet-stream' })),
    close: () => events.close(),
  }
}

const JSON_HEADERS = { 'content-type': 'application/json' }
