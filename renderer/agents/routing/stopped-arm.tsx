import type { RouteWeights } from '../../../core/contract/index.ts'
import { formatMoment } from '../../ui/format.ts'
import { stopOf } from './weight-rows.ts'
import classes from './routing.module.css'

/** Why this agent gets no callers any more, where it stopped by itself. */
export function StoppedArm({ weights, agent_id }: Readonly<{ weights: RouteWeights; agent_id: string }>) {
  const stop = stopOf(weights, agent_id)
  if (!stop) return null
  return (
    <p className={classes.note} data-bad role="status">
      Stopped by itself ({formatMoment(stop.at)}; its weight was {stop.weight}): {stop.reason}
    </p>
  )
}
