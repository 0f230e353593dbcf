import { focusPointer, useReveal } from '../workspace/reveal.ts'
import { EverybodyElse } from './everybody-else.tsx'
import { LeadsHere } from './leads-here.tsx'
import { TryRoute } from './try-route.tsx'
import classes from './routing.module.css'

/** Who gets to this agent, who gets to the others, and what would happen to a caller. */
export function RoutingTab() {
  useReveal(({ path }) => path.startsWith('/routing') && focusPointer(path))
  return (
    <div className={classes.tab}>
      <div className={classes.columns}>
        <div className={classes.column}>
          <LeadsHere />
          <EverybodyElse />
        </div>
        <div className={classes.column}>
          <TryRoute />
        </div>
      </div>
    </div>
  )
}
