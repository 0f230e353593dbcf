import { ActionIcon, TextInput, Tooltip } from '@mantine/core'
import { IconHandStop, IconSend2 } from '@tabler/icons-react'
import type { Ref } from 'react'
import classes from './say-box.module.css'

type Props = Readonly<{
  inputRef: Ref<HTMLInputElement>
  text: string
  onType: (text: string) => void
  onSay: () => void
  onInterrupt: () => void
  canInterrupt: boolean
}>

/** Types what the caller says, in any call; Enter sends. */
export function SayBox({ inputRef, text, onType, onSay, onInterrupt, canInterrupt }: Props) {
  return (
    <form
      className={classes.say}
      onSubmit={(event) => {
        event.preventDefault()
        onSay()
      }}
    >
      <TextInput
        ref={inputRef}
        className={classes.input}
        aria-label="What the caller says"
        placeholder="Type what the caller says"
        autoComplete="off"
        maxLength={10_000}
        value={text}
        onChange={(event) => onType(event.currentTarget.value)}
      />
      <Tooltip label="Send (Enter)">
        <ActionIcon type="submit" aria-label="Send" disabled={text.trim() === ''}>
          <IconSend2 size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Interrupt the agent">
        <ActionIcon aria-label="Interrupt the agent" disabled={!canInterrupt} onClick={onInterrupt}>
          <IconHandStop size={16} />
        </ActionIcon>
      </Tooltip>
    </form>
  )
}
