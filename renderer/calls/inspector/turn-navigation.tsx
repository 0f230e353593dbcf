import { ActionIcon, Tooltip } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconPlayerTrackNext } from '@tabler/icons-react'
import { useState } from 'react'
import type { TurnId } from '../../../core/contract/index.ts'
import type { SessionView, TurnView } from '../../../core/session/session-view.ts'
import { useShortcut } from '../../ui/shortcuts.ts'
import { turnName } from './turn-name.ts'
import classes from './inspector.module.css'

export type TurnSelection = Readonly<{
  turn: TurnView | undefined
  /** Position among all turns, from 0. */
  position: number
  /** The newest turn is shown, whichever it is. */
  following: boolean
  select: (turn_id: TurnId) => void
  follow: () => void
  step: (by: 1 | -1) => void
}>

/** Which turn is looked at: the newest, until an older one is picked. */
export function useTurnSelection(view: SessionView | undefined): TurnSelection {
  const [pinned, setPinned] = useState<TurnId>()
  const turns = view?.turns ?? []
  const found = turns.findIndex(({ turn_id }) => turn_id === pinned)
  const position = found < 0 ? turns.length - 1 : found
  const select = (turn_id: TurnId | undefined) => setPinned(turn_id === turns.at(-1)?.turn_id ? undefined : turn_id)
  return {
    turn: turns[position],
    position,
    following: found < 0,
    select,
    follow: () => setPinned(undefined),
    step: (by) => {
      const target = turns[position + by]
      if (target) select(target.turn_id)
    },
  }
}

export function TurnNavigation({ selection, count }: { selection: TurnSelection; count: number }) {
  const { turn, position, following, step, follow } = selection
  useShortcut('[', 'Previous turn', () => step(-1), count > 1)
  useShortcut(']', 'Next turn', () => step(1), count > 1)
  return (
    <span className={classes.navigation} role="group" aria-label="Turn">
      <ActionIcon aria-label="Previous turn" size="sm" disabled={position <= 0} onClick={() => step(-1)}>
        <IconChevronLeft size={14} />
      </ActionIcon>
      <strong className={classes.turn} title={`${position + 1} of ${count}`}>
        {turn && turnName(turn)}
      </strong>
      <ActionIcon aria-label="Next turn" size="sm" disabled={position >= count - 1} onClick={() => step(1)}>
        <IconChevronRight size={14} />
      </ActionIcon>
      {!following && (
        <Tooltip label="Back to the newest turn">
          <ActionIcon aria-label="Follow the newest turn" size="sm" color="green" onClick={follow}>
            <IconPlayerTrackNext size={14} />
          </ActionIcon>
        </Tooltip>
      )}
    </span>
  )
}
