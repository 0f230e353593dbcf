import type { AttributeValue, Attributes } from './trace-span.ts'

/** What every span of a session says of it. */
export type TracedSession = Readonly<{
  session_id: string
  /** They follow from the session (trace-span.ts). */
  trace_id: string
  span_id: string
  tenant_id: string
  kind: 'direct' | 'room'
  modality: 'voice' | 'text'
  started_at: number
  user_id?: string | undefined
  room_name?: string | undefined
  route?: string | undefined
  release?: Readonly<{ release_id: string; version: string }> | undefined
}>

/** Who answers, of which revision, by which models. */
export type TracedAgent = Readonly<{
  agent_id: string
  agent_name: string
  revision: number
  models: Readonly<Record<'stt' | 'llm' | 'tts', Readonly<{ provider: string; model?: string | undefined }>>>
}>

type Loose = Readonly<Record<string, AttributeValue | undefined>>

/** Without those that are not known. */
export const given = (attributes: Loose): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]): [string, AttributeValue][] =>
      value === undefined ? [] : [[name, value]],
    ),
  )

/** On every span, so that each is found by session, user, tenant and agent wherever it is looked at alone. */
export const commonAttributes = (
  { session_id, tenant_id, user_id, release }: TracedSession,
  { agent_id, agent_name, revision }: TracedAgent,
): Attributes =>
  given({
    'session.id': session_id,
    'user.id': user_id,
    'gen_ai.conversation.id': session_id,
    'gen_ai.agent.id': agent_id,
    'gen_ai.agent.name': agent_name,
    'greenroom.tenant_id': tenant_id,
    'greenroom.revision': revision,
    'greenroom.release_id': release?.release_id,
    'greenroom.version': release?.version,
    'langfuse.session.id': session_id,
    'langfuse.user.id': user_id,
    'langfuse.trace.name': agent_name,
  })

/** Beyond it a value is cut: a trace is looked at by people. */
const MOST_CHARACTERS = 16_000
export const cut = (text: string): string => (text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text)
