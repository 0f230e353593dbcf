import { Button, Modal, PasswordInput, TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import { SecretName, type Connection } from '../../core/contract/index.ts'
import type { StudioError } from '../../core/contract/studio-error.ts'
import { useStudio } from '../client/studio-context.tsx'
import { toStudioError } from '../client/use-operation.ts'
import { ErrorNote } from '../ui/error-note.tsx'
import { draftOf, isReference, readDraft } from './connection-draft.ts'
import classes from './connections.module.css'

type Props = Readonly<{ connection: Connection | undefined; onClose: () => void; onSaved: (connection: Connection) => void }>

/** Adds a connection, or changes one. What is pasted as key or secret is stored, and never shown again. */
export function ConnectionDialog({ connection, onClose, onSaved }: Props) {
  const studio = useStudio()
  const [draft, setDraft] = useState(() => draftOf(connection))
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<StudioError>()
  /** The new connection, when its keys could not be stored: what is sent again is meant for it. */
  const added = useRef<string>(undefined)
  const { problems, secrets, save } = readDraft(draft, connection)
  const shown = tried ? problems : {}
  const set = (part: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...part }))

  const carryOut = async () => {
    setTried(true)
    if (Object.keys(problems).length > 0) return
    setBusy(true)
    setError(undefined)
    try {
      // First: an address that is refused must not leave keys behind that nothing names.
      const saved = await studio.call('connection.save', { ...save, connection_id: save.connection_id ?? added.current })
      added.current = saved.connection_id
      for (const { name, value } of secrets) await studio.call('secret.set', { name: SecretName.parse(name), value })
      onSaved(saved)
      onClose()
    } catch (cause) {
      setError(toStudioError(cause))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={connection ? `Change ${connection.name}` : 'Add a LiveKit connection'}
      size={520}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault()
          void carryOut()
        }}
      >
        <TextInput
          label="Name"
          placeholder="Acme, LiveKit Cloud"
          data-autofocus
          maxLength={100}
          value={draft.name}
          error={shown.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <TextInput
          label="URL"
          description="As LiveKit Cloud shows it in its settings, or of your own server"
          placeholder="wss://acme.livekit.cloud"
          spellCheck={false}
          value={draft.url}
          error={shown.url}
          onChange={(event) => set({ url: event.currentTarget.value })}
        />
        <SecretField
          label="API key"
          now={connection?.api_key}
          text={draft.api_key}
          problem={shown.api_key}
          onText={(api_key) => set({ api_key })}
        />
        <SecretField
          label="API secret"
          now={connection?.api_secret}
          text={draft.api_secret}
          problem={shown.api_secret}
          onText={(api_secret) => set({ api_secret })}
        />
        {error && <ErrorNote error={error} />}
        <div className={classes.end}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" loading={busy}>
            {connection ? 'Save' : 'Add it'}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

type FieldProps = Readonly<{
  label: string
  now: string | undefined
  text: string
  problem: string | undefined
  onText: (text: string) => void
}>

/** A reference is shown as it is typed; anything else counts as the value itself and goes into the secret store. */
function SecretField({ label, now, text, problem, onText }: FieldProps) {
  const kept = now === undefined ? 'Paste it, or name it as env:NAME or secret:NAME' : `Now ${now}; leave it empty to keep that`
  const goes = text.trim() === '' ? kept : isReference(text) ? 'Named; its value stays where it is' : 'Goes into the secret store'
  return (
    <PasswordInput
      label={label}
      description={goes}
      autoComplete="off"
      visibilityToggleButtonProps={{ 'aria-label': `Show the ${label}` }}
      value={text}
      error={problem}
      onChange={(event) => onText(event.currentTarget.value)}
    />
  )
}
