import type { FeedEntry } from '../../../core/store/change-feed.ts'
import type { Change } from '../../../core/store/store.ts'
import { subjectOf } from '../sql/change-table.ts'

/** The names of what answers depend on. */
export const groupsOf = (tenant_id: string) => ({
  agent: (agent_id: string) => `${tenant_id}/agent/${agent_id.toLowerCase()}`,
  /** Something of any agent. */
  anyAgent: `${tenant_id}/agent`,
  /** What concerns all agents at once, such as which of them is the default. */
  agents: `${tenant_id}/agents`,
  topic: (topic: Topic) => `${tenant_id}/${topic}`,
})

export const TENANTS = 'tenants'

export type Topic =
  'settings' | 'prices' | 'checks' | 'connections' | 'weights' | 'directory' | 'secrets' | 'releases' | 'webhooks'

const TOPICS: Readonly<Record<string, Topic>> = {
  'setting.set': 'settings',
  'price.set': 'prices',
  'check.keep': 'checks',
  'connection.save': 'connections',
  'connection.delete': 'connections',
  'route.weights': 'weights',
  'user.save': 'directory',
  'user.default_agent': 'directory',
  'key.save': 'directory',
  'key.used': 'directory',
  'keeper.require': 'directory',
  'secret.keep': 'secrets',
  'secret.forget': 'secrets',
  'release.save': 'releases',
  'webhook.save': 'webhooks',
  'webhook.remove': 'webhooks',
}

/** What an entry of the feed makes of before. A kind that is not known here makes everything of its tenant so. */
export function groupsChanged(
  tenant_id: string,
  { kind, subject }: Pick<FeedEntry, 'kind' | 'subject'>,
): readonly string[] | 'all' {
  const { agent, anyAgent, agents, topic } = groupsOf(tenant_id)
  if (kind === 'tenant.save') return [TENANTS, topic('directory'), `${subject}/directory`]
  if (kind === 'agent.state') return [agents, anyAgent, agent(subject)]
  if (/^(agent|version|label|working_copy)\./.test(kind)) return [agent(subject), anyAgent]
  const known = TOPICS[kind]
  return known === undefined ? 'all' : [topic(known)]
}

export const changedBy = (tenant_id: string, change: Change) =>
  groupsChanged(tenant_id, { kind: change.kind, subject: subjectOf(change) })
