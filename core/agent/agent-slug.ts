import { AgentId } from '../contract/ids.ts'

const LONGEST = 64

/** An `agent_id` from a free-text name: "Groq agent" → `groq-agent`. The caller makes it unique with a suffix. */
export function slugAgentId(name: string): AgentId {
  const slug = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, LONGEST)
    .replace(/[^a-z0-9]+$/, '')
  if (slug === '') return AgentId.parse('agent')
  return AgentId.parse(slug === 'current' ? 'current-agent' : slug)
}
