import { ActionIcon, Button } from '@mantine/core'
import { IconAlertTriangle, IconInfoCircle, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { CallCard, CardAction } from './call-cards.ts'
import classes from './call-cards.module.css'

const ACTION_LABEL: Readonly<Record<CardAction, string>> = {
  retry_microphone: 'Try again',
  use_text: 'Go on by text',
  resume_sound: 'Play the sound',
  open_models: 'Voice & models',
  take_sound: 'Bring it here',
  start_again: 'Start again and speak',
}

/** More than these push the conversation out of sight. */
const SHOWN_AT_ONCE = 2

export function CallCards({
  cards,
  onAction,
  onDismiss,
}: {
  cards: readonly CallCard[]
  onAction: (action: CardAction) => void
  onDismiss?: (card: CallCard) => void
}) {
  const [dismissed, setDismissed] = useState<readonly string[]>([])
  const [all, setAll] = useState(false)
  const open = cards.filter(({ id }) => !dismissed.includes(id))
  if (open.length === 0) return null
  const shown = all ? open : open.slice(0, SHOWN_AT_ONCE)
  const dismiss = (card: CallCard) => {
    setDismissed((before) => [...before, card.id])
    onDismiss?.(card)
  }
  return (
    <div className={classes.cards}>
      {shown.map((card) => (
        <div key={card.id} className={classes.card} data-tone={card.tone} role={card.tone === 'bad' ? 'alert' : 'status'}>
          <span className={classes.icon} aria-hidden>
            {card.tone === 'info' ? <IconInfoCircle size={15} /> : <IconAlertTriangle size={15} />}
          </span>
          <div className={classes.words}>
            <strong>{card.title}</strong>
            {card.text !== '' && <div>{card.text}</div>}
            {card.actions.length > 0 && (
              <div className={classes.actions}>
                {card.actions.map((action) => (
                  <Button key={action} size="compact-xs" onClick={() => onAction(action)}>
                    {ACTION_LABEL[action]}
                  </Button>
                ))}
              </div>
            )}
          </div>
          <ActionIcon size="sm" aria-label={`Dismiss: ${card.title}`} onClick={() => dismiss(card)}>
            <IconX size={14} />
          </ActionIcon>
        </div>
      ))}
      {open.length > SHOWN_AT_ONCE && (
        <Button size="compact-xs" variant="subtle" onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `${open.length - SHOWN_AT_ONCE} more`}
        </Button>
      )}
    </div>
  )
}
