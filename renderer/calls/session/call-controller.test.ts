import { v7 } from 'uuid'
import { expect, onTestFinished, test, vi } from 'vitest'
import { StudioError } from '../../../core/contract/studio-error.ts'
import {
  AgentId,
  SessionId,
  TurnId,
  type JournalBody,
  type SessionStreamMessage,
  type SessionSummary,
} from '../../../core/contract/index.ts'
import type { StudioClient } from '../../client/studio-client.ts'
import { createStore } from 'zustand/vanilla'
import { emptyRoom, withLink, type RoomLink } from '../room/room-state.ts'
import type { RoomCall, RoomCallOptions } from '../room/room-call.ts'
import { createCallController } from './call-controller.ts'
import type { OpenRoom } from './join-room.ts'

const summary = (part: Partial<SessionSummary> = {}): SessionSummary => ({
  session_id: SessionId.parse(v7()),
  kind: 'direct',
  modality: 'text',
  agent_id: AgentId.parse('ada'),
  agent_name: 'Ada',
  revision: 1,
  state: 'active',
  attempt: 1,
  started_at: 1,
  turn_count: 0,
  preview: '',
  ...part,
})

type Answers = Record<string, (input: Record<string, unknown>) => unknown>

/** A host that answers what the test says, and streams what the test sends. */
function fakeHost(answers: Answers, openRoom: OpenRoom = () => Promise.reject(new Error('no room here'))) {
  const sinks: ((message: SessionStreamMessage) => void)[] = []
  const asked: string[] = []
  const studio = {
    call: async (name: string, input: Record<string, unknown>) => {
      asked.push(name)
      const answer = answers[name]
      if (!answer) throw new StudioError('not_found', `no ${name}`, '')
      return answer(input)
    },
    openSession: (_session_id: string, _after: unknown, listener: (message: SessionStreamMessage) => void) => {
      sinks.push(listener)
      return () => sinks.splice(sinks.indexOf(listener), 1)
    },
  } as unknown as StudioClient
  let seq = 0
  const send = (body: JournalBody) =>
    sinks.forEach((sink) => sink({ type: 'events', events: [{ attempt: 1, seq: ++seq, at: 1, at_ms: seq, ...body }] }))
  const carried: string[] = []
  const controller = createCallController({
    studio,
    agent_id: 'ada',
    origin: 'http://127.0.0.1:1',
    openRoom,
    carried: {
      read: () => [],
      add: (id) => carried.push(id),
      remove: (id) => carried.splice(carried.indexOf(id), 1),
      muted: () => false,
      setMuted: () => undefined,
    },
  })
  return { controller, state: () => controller.store.getState(), send, sinks, asked, carried }
}

const byText = { input: 'text', variables: {}, script: [], microphone_id: undefined, speaker_id: undefined } as const

test('a call starts, is followed, and stays to be read when it has ended', async () => {
  const session = summary()
  const host = fakeHost({
    'session.start': () => ({ session, media_path: '/media/x' }),
    'session.stop': () => ({ ...session, state: 'ended' }),
  })
  await host.controller.start(byText)
  expect(host.state()).toMatchObject({ phase: 'live', session: { session_id: session.session_id } })
  expect(host.carried).toEqual([session.session_id])
  host.send({ type: 'agent.state', state: 'listening' })
  await host.controller.stop()
  expect(host.state().phase).toBe('ended')
  expect(host.state().feed?.store.getState().agent_state).toBe('listening')
  expect(host.carried).toEqual([])
})

test('a call that could not start leaves the start card, with the reason', async () => {
  const host = fakeHost({
    'session.start': () => {
      throw new StudioError('invalid_document', 'The agent has no spoken field', 'Add one.')
    },
  })
  await host.controller.start(byText)
  expect(host.state()).toMatchObject({ phase: 'idle', failure: { message: 'The agent has no spoken field' } })
  host.controller.dismissFailure()
  expect(host.state().failure).toBeUndefined()
})

test('what could not be said stays in its box', async () => {
  const session = summary()
  const host = fakeHost({ 'session.start': () => ({ session, media_path: '/media/x' }) })
  await host.controller.start(byText)
  host.controller.type(' Hello ')
  await host.controller.say()
  expect(host.state()).toMatchObject({ phase: 'live', typed: 'Hello', failure: { code: 'not_found' } })
})

test('an end in the middle of a journal is not the end of a call that was resumed', async () => {
  const session = summary()
  let now: SessionSummary = session
  const host = fakeHost({ 'session.start': () => ({ session, media_path: '/media/x' }), 'session.get': () => now })
  await host.controller.start(byText)
  host.send({ type: 'session.ended', reason: 'connection_lost' })
  await vi.waitFor(() => expect(host.asked).toContain('session.get'), 30_000)
  expect(host.state().phase).toBe('live')
  now = { ...session, state: 'ended', end_reason: 'stopped' }
  host.send({ type: 'session.ended', reason: 'stopped' })
  await vi.waitFor(() => expect(host.state().phase).toBe('ended'), 30_000)
})

test('an ended call goes on, with its conversation read anew', async () => {
  const session = summary()
  const answer = () => ({ session, media_path: '/media/x' })
  const host = fakeHost({
    'session.start': answer,
    'session.resume': answer,
    'session.stop': () => ({ ...session, state: 'ended' }),
  })
  await host.controller.start(byText)
  const first = host.state().feed
  await host.controller.stop()
  await host.controller.resume(byText)
  expect(host.state().phase).toBe('live')
  expect(host.state().feed).not.toBe(first)
})

test('another window ended the call: this one hears of it', async () => {
  const session = summary()
  const host = fakeHost({ 'session.start': () => ({ session, media_path: '/media/x' }) })
  await host.controller.start(byText)
  host.controller.changed(summary({ state: 'ended' }))
  expect(host.state().phase).toBe('live')
  host.controller.changed({ ...session, state: 'ended' })
  expect(host.state().phase).toBe('ended')
})

test('a host that comes back takes its complaint away and leaves what was typed', async () => {
  const session = summary()
  const host = fakeHost({
    'session.start': () => ({ session, media_path: '/media/x' }),
    'session.say': () => {
      throw new StudioError('unavailable', 'Greenroom does not answer', '')
    },
  })
  await host.controller.start(byText)
  host.controller.type('Hello')
  await host.controller.say()
  expect(host.state().failure?.hint).toContain('stays in its box')
  host.controller.reconnected()
  expect(host.state()).toMatchObject({ typed: 'Hello', failure: undefined })
})

const join = { connection_id: 'local', room_name: 'r', identity: 'caller', token: 't', signal_path: '/livekit/local' }

/** A room that anybody is in, and what was done in it. */
function fakeRoom() {
  const opened: RoomCallOptions[] = []
  const done: string[] = []
  const nothing = () => undefined
  const store = createStore(() => emptyRoom({ as: 'caller', ...join, since: 1 }))
  const room: RoomCall = {
    store,
    audio: undefined,
    canChat: () => true,
    chat: (text) => Promise.resolve(void done.push(`chat ${text}`)),
    rpc: nothing,
    press: () => Promise.resolve(),
    offer: nothing,
    answer: nothing,
    refuse: nothing,
    answerAlways: nothing,
    setInvite: nothing,
    resume: nothing,
    comeBack: () => void done.push('come back'),
    close: () => void done.push('close'),
  }
  const openRoom: OpenRoom = (options) => {
    opened.push(options)
    return Promise.resolve(room)
  }
  return { opened, done, openRoom, setLink: (link: RoomLink) => store.setState((state) => withLink(state, link, 2)) }
}

test('a room call is joined with the token of its start, typed lines go through the room, and its end leaves it', async () => {
  const session = summary({ kind: 'room' })
  const room = fakeRoom()
  const host = fakeHost(
    {
      'session.start': ({ connection_id }) => ({ session, media_path: '', room: { ...join, connection_id } }),
      'session.stop': () => ({ ...session, state: 'ended' }),
    },
    room.openRoom,
  )
  await host.controller.start({ ...byText, connection_id: 'local' })
  await vi.waitFor(() => expect(host.state().room).toBeDefined(), 30_000)
  expect(room.opened[0]).toMatchObject({ join, late: false, voice: false, agent_identity: `agent-${session.session_id}` })
  host.controller.type('Hello')
  await host.controller.say()
  expect(room.done).toEqual(['chat Hello'])
  expect(host.asked).not.toContain('session.say')
  await host.controller.stop()
  expect(room.done).toContain('close')
  expect(host.state()).toMatchObject({ phase: 'ended' })
})

test('a line that the room took when no agent was there goes by the host once its successor has joined, and one that was heard does not', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const session = summary({ kind: 'room' })
  const room = fakeRoom()
  const said: unknown[] = []
  const host = fakeHost(
    { 'session.start': () => ({ session, media_path: '', room: join }), 'session.say': ({ text }) => void said.push(text) },
    room.openRoom,
  )
  await host.controller.start({ ...byText, connection_id: 'local' })
  await vi.waitFor(() => expect(host.state().room).toBeDefined(), 30_000)
  const joined = () => host.send({ type: 'room.joined', room_name: 'r', identity: 'agent', join_ms: 1 })
  const heard = (text: string) => host.send({ type: 'transcript.final', turn_id: TurnId.parse(v7()), text })
  const type = (text: string) => {
    host.controller.type(text)
    return host.controller.say()
  }
  joined()
  await type('Heard')
  heard('Heard')
  await type('Lost')
  await type('Just in time')
  joined()
  heard('Just in time')
  await vi.runAllTimersAsync()
  expect(said).toEqual(['Lost'])
  joined()
  await vi.runAllTimersAsync()
  expect(said).toEqual(['Lost'])
})

test('after a reload the window is the caller of its room again, with a fresh token', async () => {
  const session = summary({ kind: 'room' })
  const room = fakeRoom()
  const host = fakeHost({ 'room.join': () => join }, room.openRoom)
  host.controller.attach(session, true, byText)
  await vi.waitFor(() => expect(host.state().room).toBeDefined(), 30_000)
  expect(room.opened[0]).toMatchObject({ join, late: true })
  host.controller.takeSound(byText)
  expect(room.done).toEqual(['come back'])
})

test('a room call that was lost is waited for by its window, and ends when that gives up', async () => {
  const session = summary({ kind: 'room' })
  const room = fakeRoom()
  const host = fakeHost({ 'session.start': () => ({ session, media_path: '', room: join }) }, room.openRoom)
  await host.controller.start(byText)
  await vi.waitFor(() => expect(host.state().room).toBeDefined(), 30_000)
  const lost = { ...session, state: 'ended', end_reason: 'connection_lost' } as const
  host.controller.changed(lost)
  expect(host.state()).toMatchObject({ phase: 'live', session: { end_reason: 'connection_lost' } })
  host.controller.changed({ ...session, attempt: 2 })
  expect(host.state()).toMatchObject({ phase: 'live', session: { state: 'active', attempt: 2 } })
  host.controller.changed(lost)
  room.setLink('left')
  expect(host.state().phase).toBe('ended')
})
