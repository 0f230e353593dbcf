import type { SessionSummary } from '../../../core/contract/index.ts'
import type { RouteDecision as Decision } from '../../../core/routing/decision.ts'
import { RouteDecision } from '../../ui/route-decision.tsx'
import classes from '../history/call-notes.module.css'

type Props = Readonly<{ decision: Decision; session: Pick<SessionSummary, 'agent_id' | 'agent_name'> }>

/** Why this agent answers: the reason in a line, every rule behind it. */
export const WhyAgent = ({ decision, session }: Props) => (
  <details className={classes.note}>
    <summary>
      Why this agent: <span>{decision.reason}</span>
    </summary>
    <div className={classes.decision} tabIndex={0} role="region" aria-label="Why this agent answers">
      <RouteDecision
        decision={decision}
        agentName={(agent_id) => (agent_id === session.agent_id ? session.agent_name : agent_id)}
      />
    </div>
  </details>
)
