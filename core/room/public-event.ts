import type { JournalBody, SessionEvent } from '../contract/session-events.ts'

/**
 * What a frontend in the room may see of a session, and everybody who may join is one: what was said, the output with its fields (also
 * `hidden` ones: hidden means that the application does not show them), the moments of the turn, states, and which tools ran with what
 * outcome. Not: what things cost and how much was used, which providers answer and how they fail, the LLM's raw text, arguments and
 * results of tools, why this agent was chosen, other participants, notices for whoever makes the agent.
 *
 * Undefined for what it may not see. The same for the live stream and for the journal of earlier attempts, which have to be numbered alike:
 * only events that the session process tells itself, and the recovery with which each further attempt begins.
 */
export function publicEvent(event: SessionEvent): SessionEvent | undefined {
  switch (event.type) {
    case 'session.started':
      return { ...event, providers: NO_PROVIDERS, what_if: undefined }
    case 'session.recovered':
      return { ...event, reason: '' }
    case 'turn.committed': {
      const { cost: _cost, ...rest } = event
      return { ...rest, metrics: {}, usage: {} }
    }
    case 'output.done':
      return { ...event, raw: '' }
    case 'tool.called': {
      const { idempotency_key: _key, ...rest } = event
      return { ...rest, arguments: {} }
    }
    case 'tool.done': {
      const { result: _result, error: _error, status: _status, ...rest } = event
      return rest
    }
    case 'session.ended':
    case 'config.changed':
    case 'turn.started':
    case 'transcript.final':
    case 'field.done':
    case 'tool.filler':
    case 'agent.state':
    case 'user.state':
    case 'transcript.interim':
    case 'field.started':
    case 'field.delta':
    case 'speech.delta':
    case 'turn.times':
      return event
    case 'raw.delta':
    case 'session.routed':
    case 'session.error':
    case 'room.joined':
    case 'room.connection':
    case 'participant':
    case 'dtmf':
    case 'provider.substituted':
    case 'provider.fallback':
    case 'eot.prediction':
    case 'notice':
      return undefined
  }
}

const NO_PROVIDERS: Extract<JournalBody, { type: 'session.started' }>['providers'] = { stt: '', llm: '', tts: '' }
