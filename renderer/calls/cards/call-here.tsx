import { Button } from '@mantine/core'
import type { SessionSummary } from '../../../core/contract/index.ts'
import classes from './call-cards.module.css'

type Props = Readonly<{ session: SessionSummary; onOpen: () => void }>

/** A running call of this window that stands beside another agent: nobody talks into a microphone that nothing on the screen shows. */
export const CallHere = ({ session: { agent_name, modality }, onOpen }: Props) => (
  <div className={classes.cards}>
    <div className={classes.card} data-tone="info" role="status">
      <span />
      <div className={classes.words}>
        <strong>Your call with {agent_name} goes on in this window</strong>
        {modality === 'voice' && <div>Its microphone and its sound are here.</div>}
        <div className={classes.actions}>
          <Button size="compact-xs" onClick={onOpen}>
            Show the call
          </Button>
        </div>
      </div>
    </div>
  </div>
)
