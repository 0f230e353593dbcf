import { shortView } from '../../../core/agent/short-view.ts'
import type { OutputOf } from '../../../core/contract/index.ts'
import type { StoredAgent } from '../../../core/store/agents.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { AgentId } from '../../../core/contract/ids.ts'
import { asDocument } from './as-document.ts'
import { etagOf } from './etag.ts'
import type { WholeReader } from './whole.ts'

export type ShortAnswer = OutputOf<'short.get'>

/** An agent in the short view, made once for each stored agent and each answer to "is it the user's default". */
export function createShortReader(whole: WholeReader) {
  const made = new WeakMap<StoredAgent, Map<boolean, ShortAnswer>>()
  return async (scope: TenantScope, agent: StoredAgent, user_default: AgentId | undefined): Promise<ShortAnswer> => {
    const is_default = agent.summary.agent_id === user_default
    const answers = made.get(agent) ?? new Map<boolean, ShortAnswer>()
    const before = answers.get(is_default)
    if (before) return before
    const { summary, head } = agent
    const { version } = await whole.shown(scope, agent)
    const view = shortView(head.content, {
      id: summary.id,
      enabled: summary.enabled,
      is_default,
      version,
      owner_id: summary.owner_id,
      created_at: new Date(summary.created_at).toISOString(),
      updated_at: new Date(summary.updated_at).toISOString(),
    })
    const answer = Object.freeze({ agent: asDocument(view), etag: etagOf(head.content_hash, view) })
    made.set(agent, answers.set(is_default, answer))
    return answer
  }
}
