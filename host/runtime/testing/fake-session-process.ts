/**
 * A session process without agents, for tests of supervision: a say of "words" is answered by a turn whose reply is `echo: words` (or, after
 * a recovery, also how many past lines it knows). "die" exits at once in a first attempt, "hang" stops the heart, "slow N" makes N deltas,
 * The event "displaced" makes it say that another agent has taken its place in the room.
 */
import { v7 } from 'uuid'
import { TurnId } from '../../../core/contract/ids.ts'
import { RUNTIME_PROTOCOL, ToRuntime, type FromRuntime, type SessionSpec } from '../../../core/contract/runtime.ts'
import type { DeltaEvent, JournalBody, JournalEvent } from '../../../core/contract/session-events.ts'

type Body<Event> = Event extends unknown ? Omit<Event, 'at_ms'> : never

const sessions = new Map<string, ReturnType<typeof serve>>()
const send = (message: FromRuntime) => process.send?.(message)

function serve(spec: SessionSpec) {
  const { session_id, attempt } = spec
  let seq = 0
  let revision = spec.config.revision
  let index = spec.turn_count
  const at_ms = () => performance.now()
  const journal = (body: JournalBody) => {
    const event: JournalEvent = { ...body, attempt, seq: ++seq, at: Date.now(), at_ms: at_ms() }
    send({ type: 'events', session_id, events: [event] })
  }
  const delta = (body: Body<DeltaEvent>) => send({ type: 'events', session_id, events: [{ ...body, at_ms: at_ms() }] })

  function say(text: string): void {
    const turn_id = TurnId.parse(v7())
    journal({ type: 'turn.started', turn_id, index: index++, source: 'text', revision })
    journal({ type: 'transcript.final', turn_id, text })
    const count = Number(/^slow (\d+)/.exec(text)?.[1] ?? 1)
    delta({ type: 'field.started', turn_id, field: 'system_response' })
    for (let i = 0; i < count; i++) delta({ type: 'field.delta', turn_id, field: 'system_response', text: `${i} ` })
    if (text.startsWith('open')) return
    const reply = `echo: ${text} (${spec.history.length} lines before, revision ${revision}, secrets ${Object.keys(spec.config.secrets).join()})`
    journal({ type: 'field.done', turn_id, field: 'system_response', value: reply, problems: [] })
    const raw = JSON.stringify({ system_response: reply })
    journal({ type: 'output.done', turn_id, output: { system_response: reply }, raw, parse: 'json', problems: [] })
    const times = { t0: 100, t6: 100 + 10 * index }
    journal({ type: 'turn.committed', turn_id, spoken: reply, interrupted: false, times, metrics: {}, usage: {} })
  }

  const { agent_id } = spec.config
  const providers = { stt: '', llm: 'rehearsal', tts: '' }
  journal({ type: 'session.started', agent_id, revision, modality: spec.modality, providers })
  send({ type: 'started', session_id })
  return {
    attempt,
    say,
    configure: (next: number) => {
      revision = next
      journal({ type: 'config.changed', revision, agent_id })
    },
    end: (reason: string) => {
      journal({ type: 'session.ended', reason })
      send({ type: 'ended', session_id, reason })
    },
  }
}

const alive = setInterval(() => send({ type: 'alive', sessions: sessions.size, memory_mb: 1, loop_lag_ms: 0 }), 200)

process.on('message', (raw, socket) => {
  const message = ToRuntime.parse(raw)
  switch (message.type) {
    case 'check':
    case 'check.cancel':
    case 'offline':
      return
    case 'start':
      if (message.session.variables['fault'] === 'dies at start') process.exit(9)
      sessions.set(message.session.session_id, serve(message.session))
      return
    case 'configure':
      return sessions.get(message.session_id)?.configure(message.config.revision)
    case 'say':
      if (message.text === 'die' && sessions.get(message.session_id)?.attempt === 1) process.exit(9)
      if (message.text === 'hang') return clearInterval(alive)
      if (message.text === 'deaf') {
        sessions.delete(message.session_id)
        return
      }
      return sessions.get(message.session_id)?.say(message.text)
    case 'end':
      sessions.get(message.session_id)?.end(message.reason)
      sessions.delete(message.session_id)
      return
    case 'media':
      if (socket && 'end' in socket) socket.end(`taken over by ${process.pid}`)
      return
    case 'stop':
      return process.exit(0)
    case 'interrupt':
    case 'synced':
    case 'room.token':
    case 'room.caller':
    case 'handoff.refused':
    case 'tool.try':
      return
    case 'event':
      if (message.name === 'displaced') sessions.get(message.session_id)?.end('displaced')
      return
  }
})
process.on('disconnect', () => process.exit(0))
process.on('SIGINT', () => undefined)
send({ type: 'ready', protocol: RUNTIME_PROTOCOL, pid: process.pid })
