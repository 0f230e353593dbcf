import { Button } from '@mantine/core'
import type { SessionSummary } from '../../../core/contract/index.ts'
import { formatMoment } from '../../ui/format.ts'
import classes from './call-cards.module.css'

/** A running call that this window does not carry: it can be taken over, which brings its sound here. */
export const CallElsewhere = ({ session, onTake }: { session: SessionSummary; onTake: (session: SessionSummary) => void }) => (
  <div className={classes.cards}>
    <div className={classes.card} data-tone="info" role="status">
      <span />
      <div className={classes.words}>
        <strong>A call with this agent is running in another window or program</strong>
        <div>
          {formatMoment(session.started_at)} · {session.modality}. Taking it over brings its{' '}
          {session.modality === 'voice' ? 'sound' : 'text'} here.
        </div>
        <div className={classes.actions}>
          <Button size="compact-xs" onClick={() => onTake(session)}>
            Take over
          </Button>
        </div>
      </div>
    </div>
  </div>
)
