import { clockText, opensAt } from './opening-hours.ts'
import type { RuleContext, Verdict } from './rule-context.ts'

/** Who answers at this time of day; of several the first by id. */
export function hoursRule({ book, now }: RuleContext): Verdict {
  const { withHours } = book
  if (withHours.length === 0) return { result: 'no_match', reason: 'No agent has hours.' }
  const opens = opensAt(now)
  for (const agent of withHours) {
    const rule = agent.hours.find(opens)
    if (!rule) continue
    const time = clockText(now, rule.time_zone) ?? ''
    return { result: 'matched', agent, reason: `It is ${time} in ${rule.time_zone}, between ${rule.from} and ${rule.to}.` }
  }
  const zone = withHours[0]?.hours[0]?.time_zone ?? 'UTC'
  const time = clockText(now, zone)
  return {
    result: 'no_match',
    reason: time === undefined ? 'No hours are open.' : `No hours are open: it is ${time} in ${zone}.`,
  }
}
