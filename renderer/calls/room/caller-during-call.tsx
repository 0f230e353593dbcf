import { Button } from '@mantine/core'
import { useState } from 'react'
import type { SessionSummary } from '../../../core/contract/index.ts'
import type { StudioError } from '../../../core/contract/studio-error.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { toStudioError } from '../../client/use-operation.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { toast } from '../../ui/toast.tsx'
import { readCaller, type CallerDraft } from '../setup/caller-details.ts'
import { CallerEditor } from '../setup/caller-editor.tsx'
import type { RoomState } from './room-state.ts'
import { callerDraftOf } from './caller-draft-of.ts'
import classes from './room.module.css'

type Props = Readonly<{ session: SessionSummary; state: RoomState; running: boolean }>

/** Name, user details, metadata and attributes of the caller, changed while the call goes on. */
export function CallerDuringCall({ session, state, running }: Props) {
  const studio = useStudio()
  const here = state.people.find((person) => person.here)
  const [typed, setTyped] = useState<CallerDraft>()
  const [error, setError] = useState<StudioError>()
  const draft = typed ?? callerDraftOf(here)
  const { details, problems } = readCaller(draft)
  const save = async () => {
    if (!details) return
    try {
      const { session_id } = session
      await studio.call('room.set_caller', { session_id, details, ...(here ? { identity: here.identity } : {}) })
      setTyped(undefined)
      setError(undefined)
      toast('The agent knows it from its next turn')
    } catch (cause) {
      setError(toStudioError(cause))
    }
  }
  return (
    <form
      className={classes.stack}
      aria-label="The caller"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <CallerEditor draft={draft} problems={problems} onChange={setTyped} />
      {error && <ErrorNote error={error} />}
      <div className={classes.row}>
        <Button type="submit" variant="filled" disabled={!running || !typed || !details}>
          Change it
        </Button>
        {typed && <Button onClick={() => setTyped(undefined)}>Undo</Button>}
      </div>
    </form>
  )
}
