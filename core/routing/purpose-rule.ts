import type { SourceFacts } from './caller-facts.ts'
import { foldName, type RoutableAgent } from './route-book.ts'
import { unmatched, type RuleContext, type Verdict } from './rule-context.ts'
import { quoted, SOURCE_WORDS } from './source-words.ts'

/** What the call is for, in any case; of several agents with one purpose the first by id answers. */
export function purposeRule(context: RuleContext): Verdict {
  const { byPurpose } = context.book
  if (byPurpose.size === 0) return { result: 'no_match', reason: 'No agent has a purpose.' }
  const misses: string[] = []
  for (const { purpose, source } of context.facts) {
    if (purpose === undefined) continue
    const agents = byPurpose.get(foldName(purpose)) ?? []
    const [agent, ...others] = agents.filter(({ enabled }) => enabled)
    if (agent) return { result: 'matched', agent, source, reason: reasonOf(purpose, source, others) }
    const miss = missed(purpose, source, agents)
    if (miss !== undefined) misses.push(miss)
  }
  const couldSay = [...byPurpose.values()].some((agents) => agents.some(({ enabled }) => enabled))
  return unmatched(context, misses, 'Nobody says a purpose.', couldSay)
}

function reasonOf(purpose: string, source: SourceFacts['source'], others: readonly RoutableAgent[]): string {
  const also = others.length > 0 ? ` It is the first by id of ${others.length + 1} agents with this purpose.` : ''
  return `The purpose ${quoted(purpose)} is in ${SOURCE_WORDS[source]}.${also}`
}

/** Nothing to say of a dispatch name that is no purpose: it was asked as a name already. */
function missed(purpose: string, source: SourceFacts['source'], disabled: readonly RoutableAgent[]): string | undefined {
  const [agent] = disabled
  if (agent) return `${quoted(agent.name)} has the purpose ${quoted(purpose)}, but is disabled.`
  return source === 'dispatch_name' ? undefined : `No agent has the purpose ${quoted(purpose)} of ${SOURCE_WORDS[source]}.`
}
