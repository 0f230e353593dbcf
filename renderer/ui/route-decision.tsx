import { IconArrowForwardUp, IconCheck, IconHelp, IconLock, IconMinus } from '@tabler/icons-react'
import { RULE_NAMES } from '../../core/routing/rule-names.ts'
import type { RouteDecision as Decision, RuleResult } from '../../core/routing/decision.ts'
import { Badge, type Tone } from './badge.tsx'
import classes from './route-decision.module.css'

const RESULTS: Readonly<Record<RuleResult['result'], Readonly<{ word: string; tone: Tone; Icon: typeof IconCheck }>>> = {
  matched: { word: 'matched', tone: 'good', Icon: IconCheck },
  no_match: { word: 'no match', tone: 'plain', Icon: IconMinus },
  skipped: { word: 'not asked', tone: 'plain', Icon: IconArrowForwardUp },
  refused: { word: 'refused', tone: 'bad', Icon: IconLock },
  unknown: { word: 'not known yet', tone: 'warn', Icon: IconHelp },
}

type Props = Readonly<{
  decision: Decision
  /** What an agent is called; absent: its id is shown. */
  agentName?: (agent_id: string) => string
}>

/** Why this agent: every rule in order, whether it matched, and why, in words. */
export function RouteDecision({ decision, agentName = (agent_id) => agent_id }: Props) {
  const { agent_id, reason, rules, refused, user_id, overrides } = decision
  return (
    <section className={classes.decision} aria-label="Why this agent">
      <p className={classes.outcome} data-answers={agent_id !== undefined}>
        {agent_id === undefined ? reason : <AnsweredBy name={agentName(agent_id)} reason={reason} />}
      </p>
      <ol className={classes.rules}>
        {rules.map((rule) => (
          <RuleRow key={rule.rule} rule={rule} />
        ))}
      </ol>
      {refused.length > 0 && (
        <ul className={classes.refused} aria-label="Refused">
          {refused.map(({ path, message }) => (
            <li key={path + message}>
              <code className="mono">{path}</code> {message}
            </li>
          ))}
        </ul>
      )}
      {(user_id !== undefined || Object.keys(overrides).length > 0) && (
        <dl className={classes.facts}>
          {user_id !== undefined && (
            <>
              <dt>User</dt>
              <dd className="mono">{user_id}</dd>
            </>
          )}
          {Object.keys(overrides).length > 0 && (
            <>
              <dt>For this call</dt>
              <dd className="mono">{JSON.stringify(overrides)}</dd>
            </>
          )}
        </dl>
      )}
    </section>
  )
}

const AnsweredBy = ({ name, reason }: Readonly<{ name: string; reason: string }>) => (
  <>
    <strong>{name} answers.</strong> {reason}
  </>
)

function RuleRow({ rule: { rule, result, reason } }: Readonly<{ rule: RuleResult }>) {
  const { word, tone, Icon } = RESULTS[result]
  return (
    <li className={classes.rule} data-result={result}>
      <Icon size={14} aria-hidden className={classes.icon} />
      <span className={classes.name}>{RULE_NAMES[rule]}</span>
      <span className={classes.reason}>{reason}</span>
      <Badge tone={tone}>{word}</Badge>
    </li>
  )
}
