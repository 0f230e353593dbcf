import { Select } from '@mantine/core'
import { useStudio } from '../../client/studio-context.tsx'
import { toStudioError } from '../../client/use-operation.ts'
import { toastError } from '../../ui/toast.tsx'
import { agentsByName } from '../agent-state.ts'
import { useLibrary } from '../agents-context.tsx'
import { WeightsForm } from './weights-form.tsx'
import frame from '../card.module.css'
import classes from './routing.module.css'

const NONE = ''

/** What lies beside the agents: shares of the callers that no rule leads anywhere, and who answers at last. */
export function EverybodyElse() {
  const studio = useStudio()
  const library = useLibrary((state) => state)
  const agents = agentsByName(library)
  const before = agents.find(({ is_default }) => is_default)
  const choose = (agent_id: string | null) => {
    const changed = agent_id ? { agent_id, is_default: true } : before && { agent_id: before.agent_id, is_default: false }
    if (changed) studio.call('agent.set_state', changed).catch((cause: unknown) => toastError(toStudioError(cause)))
  }
  return (
    <section className={frame.card} aria-label="Everybody else">
      <header className={frame.head}>
        <h2 className={frame.title}>Everybody else</h2>
        <span className={classes.hint}>Callers whom no rule leads anywhere. Of all agents; at work at once.</span>
      </header>
      <div className={classes.body}>
        <WeightsForm agents={agents} />
        <Select
          label="Default agent"
          description="Answers when nothing else has decided"
          searchable
          limit={60}
          data={[
            { value: NONE, label: 'Nobody' },
            ...agents.map(({ agent_id, name, enabled }) => ({ value: agent_id, label: enabled ? name : `${name} (disabled)` })),
          ]}
          value={before?.agent_id ?? NONE}
          onChange={choose}
        />
      </div>
    </section>
  )
}
