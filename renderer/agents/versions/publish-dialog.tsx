import { Button, Modal, Switch, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { StudioError } from '../../../core/contract/studio-error.ts'
import { AgentId } from '../../../core/contract/index.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { toStudioError, useOperation } from '../../client/use-operation.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { toast } from '../../ui/toast.tsx'
import { useDraftStore, useLibrary } from '../agents-context.tsx'
import { isUnsaved } from '../draft.ts'
import { nextVersions, type Bump } from './next-version.ts'
import classes from './versions.module.css'

const BUMPS: readonly Readonly<{ bump: Bump; help: string }>[] = [
  { bump: 'patch', help: 'words mended' },
  { bump: 'minor', help: 'fields or behaviour added' },
  { bump: 'major', help: 'fields changed or removed' },
]

type Props = Readonly<{ agent_id: string; latest: string | undefined; onClose: () => void }>

/** Makes head an immutable version; what is unsaved is saved first. */
export function PublishDialog({ agent_id, latest, onClose }: Props) {
  const studio = useStudio()
  const { store, save } = useDraftStore(agent_id)
  const next = nextVersions(latest)
  const [version, setVersion] = useState(next.minor)
  const [name, setName] = useState('')
  const [note, setNote] = useState('')
  const id = AgentId.parse(agent_id)
  const production = useLibrary(({ byId }) => byId[agent_id]?.labels['production'])
  const { value: releases } = useOperation('release.list', { agent_id: id, limit: 1 })
  const rolling = releases?.releases.find(({ state }) => state === 'rolling')
  const [chosen, setServe] = useState<boolean>()
  // Callers outside of a share keep what they have, unless somebody says otherwise.
  const serve = production === undefined || (chosen ?? rolling === undefined)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<StudioError>()
  const wrongVersion = error?.problems.find(({ path }) => path === '/version')?.message
  const draft = store.getState().draft
  const unsaved = draft !== undefined && isUnsaved(draft)

  const publish = async () => {
    setBusy(true)
    setError(undefined)
    try {
      if (unsaved) await save()
      const head = store.getState().draft?.head
      if (!head) throw new StudioError('unavailable', 'The agent is not loaded', 'Close this and open the agent again.')
      await studio.call('agent.publish', { agent_id: id, version, name, note, revision: head.revision, serve })
      toast(
        serve ? `Published ${version}; production points at it` : `Published ${version}; nobody gets it before it is released`,
      )
      onClose()
    } catch (cause) {
      setError(toStudioError(cause))
      setBusy(false)
    }
  }
  return (
    <Modal opened onClose={onClose} title="Publish a version" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault()
          void publish()
        }}
      >
        <TextInput
          label="Version"
          description={latest ? `The latest is ${latest}` : 'Nothing is published yet'}
          data-autofocus
          error={wrongVersion}
          value={version}
          onChange={(event) => setVersion(event.currentTarget.value)}
        />
        {latest && (
          <div className={classes.bumps}>
            {BUMPS.map(({ bump, help }) => (
              <Button
                key={bump}
                type="button"
                title={help}
                aria-pressed={version === next[bump]}
                onClick={() => setVersion(next[bump])}
              >
                {next[bump]} · {help}
              </Button>
            ))}
          </div>
        )}
        <TextInput
          label="Name (optional)"
          placeholder="Shorter questions"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label="Note (optional)"
          autosize
          minRows={2}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {production !== undefined && (
          <Switch
            label="Everybody gets it at once"
            description={
              serve
                ? rolling
                  ? `A release of ${rolling.version} goes on: callers outside of its share would get this version`
                  : 'The label production moves to it'
                : `Callers keep ${production}; release it to a share of them under Versions`
            }
            checked={serve}
            onChange={({ currentTarget }) => setServe(currentTarget.checked)}
          />
        )}
        <span className={classes.meta}>
          A version cannot be changed any more.{unsaved && ' Your unsaved changes are saved first.'}
          {production === undefined && ' The label production moves to it.'}
        </span>
        {error && !wrongVersion && <ErrorNote error={error} />}
        <Button type="submit" variant="filled" loading={busy}>
          Publish {version}
        </Button>
      </form>
    </Modal>
  )
}
