import { ActionIcon, TextInput, Tooltip } from '@mantine/core'
import { IconHandStop, IconSend2 } from '@tabler/icons-react'
import { useState, type Ref } from 'react'
import classes from './say-box.module.css'

type Props = Readonly<{
  inputRef: Ref<HTMLInputElement>
  /** True when it was taken; otherwise the text stays where it is. */
  onSay: (text: string) => Promise<boolean>
  onInterrupt: () => void
  canInterrupt: boolean
}>

/** Types what the caller says, in any call; Enter sends. */
export function SayBox({ inputRef, onSay, onInterrupt, canInterrupt }: Props) {
  const [text, setText] = useState('')
  const [sending, setSending] = useState(false)
  const send = async () => {
    const said = text.trim()
    if (said === '' || sending) return
    setSending(true)
    setText('')
    const taken = await onSay(said)
    setSending(false)
    if (!taken) setText((typedSince) => (typedSince === '' ? said : typedSince))
  }
  return (
    <form
      className={classes.say}
      onSubmit={(event) => {
        event.preventDefault()
        void send()
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
        onChange={(event) => setText(event.currentTarget.value)}
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
