import { findAgent } from './route-book.ts'
import type { RuleContext, Verdict } from './rule-context.ts'
import { quoted } from './source-words.ts'

/** The agent that the user has chosen, else the one that the tenant has made its default. */
export function tenantDefaultRule({ book, user_default }: RuleContext): Verdict {
  const chosen = user_default && findAgent(book, user_default.agent_id)
  if (user_default && chosen?.enabled)
    return {
      result: 'matched',
      agent: chosen,
      reason: `${quoted(chosen.name)} is the default of the user ${quoted(user_default.user_id)}.`,
    }
  const agent = book.tenantDefault
  if (!agent) return { result: 'no_match', reason: 'No agent is the default.' }
  if (!agent.enabled) return { result: 'no_match', reason: `The default agent ${quoted(agent.name)} is disabled.` }
  return { result: 'matched', agent, reason: `${quoted(agent.name)} is the default agent.` }
}

/** The worker's own default; without one, an agent that is the only one answers everybody. */
export function defaultRule({ book, default_agent_id }: RuleContext): Verdict {
  if (default_agent_id !== undefined && default_agent_id !== '') {
    const agent = findAgent(book, default_agent_id)
    if (agent?.enabled) return { result: 'matched', agent, reason: `${quoted(agent.name)} is this worker's default.` }
    const what = agent ? 'disabled' : 'not there'
    return { result: 'no_match', reason: `This worker's default ${quoted(default_agent_id)} is ${what}.` }
  }
  const [agent, ...others] = book.enabled_count === 1 ? book.agents.filter(({ enabled }) => enabled) : []
  if (agent && others.length === 0)
    return { result: 'matched', agent, reason: `${quoted(agent.name)} is the only enabled agent.` }
  const reason = book.enabled_count === 0 ? 'No agent is enabled.' : 'This worker has no default of its own.'
  return { result: 'no_match', reason }
}
