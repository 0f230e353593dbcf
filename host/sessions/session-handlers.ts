import type { HandlersOf } from '../handler.ts'
import type { Sessions } from './sessions.ts'
import { StudioError } from '../../core/contract/errors.ts'

type SessionOperation =
  | 'session.start'
  | 'session.resume'
  | 'session.say'
  | 'session.interrupt'
  | 'session.event'
  | 'session.stop'
  | 'session.report'
  | 'session.switch_agent'
  | 'session.list'
  | 'session.active'
  | 'session.get'
  | 'session.journal'
  | 'session.delete'
  | 'session.undelete'

export const sessionHandlers = (sessions: Sessions): HandlersOf<SessionOperation> => ({
  'session.start': (input, { caller }) => sessions.start(caller, input, caller.key_id),
  'session.resume': ({ session_id }, { caller }) => sessions.resume(caller, session_id),
  'session.say': async ({ session_id, text }, { caller }) => {
    const live = await sessions.live(caller, session_id)
    await live.say(text)
    return {}
  },
  'session.interrupt': async ({ session_id }, { caller }) => {
    const live = await sessions.live(caller, session_id)
    await live.send({ type: 'interrupt', session_id })
    return {}
  },
  'session.event': async ({ session_id, name, data }, { caller }) => {
    await sessions.event(caller, session_id, { name, data })
    return {}
  },
  'session.stop': ({ session_id }, { caller }) => sessions.stop(caller, session_id),
  'session.switch_agent': ({ session_id, agent_id, history }, { caller }) =>
    sessions.switchAgent(caller, session_id, agent_id, history),
  'session.report': async ({ session_id, message, hint }, { caller }) => {
    const live = await sessions.live(caller, session_id)
    const error = new StudioError('media_failed', message, hint).body
    live.note({ type: 'session.error', source: 'microphone', error, recoverable: true })
    return {}
  },
  'session.list': async ({ q, agent_id, limit, cursor }, { caller }) => {
    const query = { limit, ...(q && { q }), ...(agent_id && { agent_id }), ...(cursor && { cursor }) }
    const { rows, count, next_cursor } = await sessions.list(caller, query)
    return { sessions: [...rows], count, ...(next_cursor !== undefined && { next_cursor }) }
  },
  'session.active': async ({ agent_id, state, limit, cursor }, { caller }) => {
    const query = { limit, ...(agent_id && { agent_id }), ...(cursor && { cursor }), ...(state !== 'all' && { state }) }
    const [{ rows, count, next_cursor }, by_agent] = await Promise.all([
      sessions.list(caller, query),
      sessions.countActive(caller),
    ])
    return { sessions: [...rows], count, by_agent: { ...by_agent }, ...(next_cursor !== undefined && { next_cursor }) }
  },
  'session.get': ({ session_id }, { caller }) => sessions.summary(caller, session_id),
  'session.journal': async ({ session_id, after, limit }, { caller }) => {
    const { events, more } = await sessions.journal(caller, session_id, after, limit)
    return { events: [...events], more }
  },
  'session.delete': ({ session_id }, { caller }) => sessions.setDeleted(caller, session_id, true),
  'session.undelete': ({ session_id }, { caller }) => sessions.setDeleted(caller, session_id, false),
})
