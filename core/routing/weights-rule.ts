import { foldName, type RoutableAgent } from './route-book.ts'
import { unmatched, type RuleContext, type Verdict } from './rule-context.ts'
import { quoted, SOURCE_WORDS } from './source-words.ts'
import { chooseArm } from './weighted-arm.ts'

type Arm = Readonly<{ agent_id: string; weight: number; agent: RoutableAgent }>

/** A share of the callers each; a caller stays with its arm. Arms whose agent is missing or disabled leave theirs to the others. */
export function weightsRule(context: RuleContext): Verdict {
  const { weights } = context
  const named = weights.arms.filter(({ weight }) => weight > 0)
  if (named.length === 0) return { result: 'no_match', reason: 'No A/B weights are set.' }
  const arms = usableArms(context)
  const [only] = arms
  if (!only) return { result: 'no_match', reason: 'Every agent of the A/B weights is missing or disabled.' }
  const caller = callerKey(context)
  if (caller === undefined && arms.length > 1)
    return unmatched(context, [], 'The A/B weights go by the caller, and who calls is not known.', true)
  const arm = (caller && chooseArm(arms, weights.experiment, caller.key)) ?? only
  const total = arms.reduce((sum, { weight }) => sum + weight, 0)
  const share = `${new Intl.NumberFormat('en', { maximumFractionDigits: 1 }).format((arm.weight / total) * 100)}%`
  const reason = caller
    ? `${caller.words} falls into the ${share} of callers that ${quoted(arm.agent.name)} has in ${quoted(weights.experiment)}.`
    : `${quoted(arm.agent.name)} has all callers in ${quoted(weights.experiment)}.`
  return { result: 'matched', agent: arm.agent, reason, ...(caller?.source && { source: caller.source }) }
}

/** One per agent: an agent that is named twice has both weights. */
function usableArms({ weights, book }: RuleContext): readonly Arm[] {
  const arms = new Map<string, Arm>()
  for (const { agent_id, weight } of weights.arms) {
    const agent = book.byId.get(foldName(agent_id))
    if (!agent?.enabled || weight <= 0) continue
    const before = arms.get(agent.agent_id)?.weight ?? 0
    arms.set(agent.agent_id, { agent_id: agent.agent_id, weight: before + weight, agent })
  }
  return [...arms.values()]
}

/** By `user_id`; without one by who is in the room, and at last by the room. Undefined: somebody is still to come. */
function callerKey({ facts, identity, joined, room_name }: RuleContext) {
  const known = facts.find(({ user_id }) => user_id !== undefined)
  if (known?.user_id !== undefined) {
    const { user_id, source } = known
    return { key: `user ${user_id}`, source, words: `The user ${quoted(user_id)} of ${SOURCE_WORDS[source]}` }
  }
  if (!joined) return undefined
  if (identity !== '') return { key: `identity ${identity}`, words: `The participant ${quoted(identity)}` }
  return { key: `room ${room_name}`, words: `The room ${quoted(room_name)}` }
}
