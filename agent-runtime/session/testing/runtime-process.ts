import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { v7 } from 'uuid'
import { SessionId } from '../../../core/contract/ids.ts'
import { FromRuntime, SessionConfig, type SessionSpec, type ToRuntime } from '../../../core/contract/runtime.ts'
import type { SessionEvent } from '../../../core/contract/session-events.ts'
import { createLookout } from '../../../core/testing/lookout.ts'

type EventOf<Type extends SessionEvent['type']> = Extract<SessionEvent, { type: Type }>
type Document = Readonly<Record<string, unknown>>
type Configure = Extract<ToRuntime, { type: 'configure' }>
export type SpecPart = Partial<Omit<SessionSpec, 'config'>> &
  Readonly<{
    engines?: SessionConfig['engines']
    secrets?: Record<string, string>
    prices?: SessionConfig['prices']
    /** The test says itself when events are on disk. */
    holds_sync?: boolean
  }>

/** A call in a real session process, seen as the host sees it. */
export type TestCall = Readonly<{
  session_id: SessionId
  events: readonly SessionEvent[]
  messages: readonly FromRuntime[]
  /** Resolves with the first event, or the n-th from 1, of this type; also when it has come already. */
  event: <Type extends SessionEvent['type']>(
    type: Type,
    which?: (event: EventOf<Type>) => boolean,
    nth?: number,
  ) => Promise<EventOf<Type>>
  message: <Type extends FromRuntime['type']>(type: Type) => Promise<Extract<FromRuntime, { type: Type }>>
  send: (message: ToRuntime) => void
  say: (text: string) => void
  configure: (revision: number, content: Document, to?: Pick<Configure, 'history' | 'speak'>) => void
  end: () => Promise<void>
  /** Of the audio WebSocket. */
  media_url: string
}>

export type RuntimeProcess = Readonly<{
  child: ChildProcess
  start: (content: Document, part?: SpecPart) => TestCall
  stop: () => Promise<void>
}>

const ENTRY = fileURLToPath(new URL('../../session-process.ts', import.meta.url))

/** Forks a session process and plays the host: hands over sockets of upgraded requests, and listens. */
export async function startRuntime(execArgv: string[] = [], entry = ENTRY): Promise<RuntimeProcess> {
  const child = fork(entry, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv })
  const calls = new Map<string, (message: FromRuntime) => void>()
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (raw) => {
      const message = FromRuntime.parse(raw)
      if (message.type === 'ready') resolve()
      if ('session_id' in message) calls.get(message.session_id)?.(message)
    })
    child.once('exit', (code) => reject(new Error(`the session process ended with ${code}`)))
  })
  const server = createServer()
  server.on('upgrade', (request, socket, head) => {
    const session_id = SessionId.parse(request.url?.slice(1))
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const message: ToRuntime = { type: 'media', session_id, headers, head: head.toString('base64') }
    child.send(message, socket as Socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  await ready
  return {
    child,
    start: (content, part = {}) => startTestCall(child, calls, portOf(server), content, part),
    async stop() {
      server.close()
      if (child.exitCode !== null || child.signalCode !== null) return
      child.send({ type: 'stop' } satisfies ToRuntime)
      await once(child, 'exit')
    },
  }
}

const portOf = (server: Server) => (server.address() as AddressInfo).port

function startTestCall(
  child: ChildProcess,
  calls: Map<string, (message: FromRuntime) => void>,
  port: number,
  content: Document,
  { engines = {}, secrets = {}, prices = [], holds_sync = false, ...part }: SpecPart,
): TestCall {
  const session_id = SessionId.parse(v7())
  const events: SessionEvent[] = []
  const messages: FromRuntime[] = []
  const { heard, until } = createLookout()
  const configOf = (revision: number, document: Document) =>
    SessionConfig.parse({ agent_id: document['agent_id'], revision, content: document, secrets, engines, prices })
  calls.set(session_id, (message) => {
    messages.push(message)
    if (message.type === 'events') events.push(...message.events)
    if (message.type === 'sync' && !holds_sync) send({ type: 'synced', session_id, sync_id: message.sync_id })
    heard()
  })
  const send = (message: ToRuntime) => void child.send(message)
  const call: TestCall = {
    session_id,
    events,
    messages,
    media_url: `ws://127.0.0.1:${port}/${session_id}`,
    event: (type, which = () => true, nth = 1) =>
      until(() => events.filter((event): event is EventOf<typeof type> => event.type === type).filter(which)[nth - 1]),
    message: (type) => until(() => messages.find((one): one is Extract<FromRuntime, { type: typeof type }> => one.type === type)),
    send,
    say: (text) => send({ type: 'say', session_id, text }),
    configure: (revision, document, to = {}) =>
      send({ type: 'configure', session_id, config: configOf(revision, document), ...to }),
    async end() {
      send({ type: 'end', session_id, reason: 'stopped' })
      await call.message('ended')
    },
  }
  const spec: SessionSpec = {
    session_id,
    attempt: 1,
    modality: 'text',
    variables: {},
    script: [],
    seed: 1,
    history: [],
    turn_count: 0,
    ...part,
    config: configOf(1, content),
  }
  send({ type: 'start', session: spec })
  return call
}
