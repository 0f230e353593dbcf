import type { RouteWeights } from '../contract/routing.ts'
import type { SourceFacts } from './caller-facts.ts'
import type { RouteRule, RouteSource } from './decision.ts'
import type { RoutableAgent, RouteBook } from './route-book.ts'

/** What a rule may look at. */
export type RuleContext = Readonly<{
  book: RouteBook
  weights: RouteWeights
  facts: readonly SourceFacts[]
  /** Somebody has joined; else what they bring is unknown. */
  joined: boolean
  identity: string
  room_name: string
  now: number
  default_agent_id: string | undefined
  /** Of the user whom a signed source names. */
  user_default?: Readonly<{ user_id: string; agent_id: string }> | undefined
}>

/** What a rule says. `unknown`: the one who has not joined yet could decide it. */
export type Verdict =
  | Readonly<{ result: 'matched'; agent: RoutableAgent; reason: string; source?: RouteSource }>
  | Readonly<{ result: 'no_match' | 'unknown'; reason: string }>
  | Readonly<{ result: 'refused'; reason: string; source: RouteSource }>

export type Rule = (context: RuleContext) => Verdict
export type Rules = Readonly<Record<RouteRule, Rule>>

/** No match so far; `asksCaller` says whether the one who has not joined yet could still bring what is looked for. */
export const unmatched = ({ joined }: RuleContext, misses: readonly string[], nothing: string, asksCaller: boolean): Verdict => {
  const reason = misses.length > 0 ? misses.join(' ') : nothing
  if (joined || !asksCaller) return { result: 'no_match', reason }
  return { result: 'unknown', reason: `${reason} Nobody has joined yet who could say it.` }
}
