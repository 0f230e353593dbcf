import { useOperation } from '../../client/use-operation.ts'
import { ArmTable } from '../arms/arm-table.tsx'
import classes from './routing.module.css'

const EVENTS = ['route.changed', 'session.changed'] as const

/** How the agents of the A/B weights do with the callers that the weights gave them. */
export function WeightedArms({ nameOf }: Readonly<{ nameOf: (agent_id: string) => string }>) {
  const { value } = useOperation('route.arms', {}, EVENTS)
  if (!value || value.arms.length === 0) return null
  if (value.arms.every(({ sessions }) => sessions === 0))
    return <p className={classes.text}>How each agent does stands here once the weights have led callers to them.</p>
  return (
    <>
      <p className={classes.text}>Calls of the last 30 days to which the weights led:</p>
      <ArmTable
        label="How the agents of the weights do"
        first="Agent"
        arms={value.arms.map(({ agent_id, ...stats }) => ({ key: agent_id, name: nameOf(agent_id), stats }))}
      />
    </>
  )
}
