import type { SourceFacts } from './caller-facts.ts'
import { findAgent, type RouteBook } from './route-book.ts'
import { unmatched, type RuleContext, type Verdict } from './rule-context.ts'
import { quoted, SOURCE_WORDS } from './source-words.ts'

/** Somebody names the agent, by id or by name. What the caller writes itself may not. */
export function explicitRule(context: RuleContext): Verdict {
  const misses: string[] = []
  let refused: SourceFacts | undefined
  for (const facts of context.facts) {
    if (facts.agent === undefined) continue
    const said = `${SOURCE_WORDS[facts.source]} names ${quoted(facts.agent)}`
    if (!facts.trusted) {
      refused ??= facts
      misses.push(`${capital(said)}, but the caller can write that and may not choose an agent by name.`)
      continue
    }
    const agent = findAgent(context.book, facts.agent)
    if (agent?.enabled) return { result: 'matched', agent, source: facts.source, reason: `${capital(said)}.` }
    misses.push(missed(context.book, facts, said))
  }
  if (refused && context.joined) return { result: 'refused', reason: misses.join(' '), source: refused.source }
  return unmatched(context, misses, 'Nobody names an agent.', true)
}

/** A dispatch name need not be an agent's. */
function missed(book: RouteBook, { agent = '', source }: SourceFacts, said: string): string {
  if (findAgent(book, agent)) return `${capital(said)}, which is disabled.`
  if (source === 'dispatch_name') return `No agent is called ${quoted(agent)}, as the dispatch is.`
  return `${capital(said)}, which is not there.`
}

const capital = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1)
