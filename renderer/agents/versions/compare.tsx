import { Button, Select } from '@mantine/core'
import { AgentId, type DocumentJson } from '../../../core/contract/index.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { useOperation } from '../../client/use-operation.ts'
import { Busy } from '../../ui/busy.tsx'
import { Empty } from '../../ui/empty.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { toast, toastError, toastUndo } from '../../ui/toast.tsx'
import { useDraftStore } from '../agents-context.tsx'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { DocumentDiff } from './document-diff.tsx'
import type { History } from './use-history.ts'
import classes from './versions.module.css'

/** `0` stands for the working copy. */
export const WORKING_COPY = 0

export type Chosen = Readonly<{ left: number; right: number }>

type Props = Chosen &
  Readonly<{ history: History; unsaved: boolean; head: number; onChosen: (chosen: Chosen | undefined) => void }>

/** Two revisions side by side. */
export function Compare({ history, left, right, unsaved, head, onChosen }: Props) {
  const { agent_id, content } = useWorkspace()
  const id = AgentId.parse(agent_id)
  const studio = useStudio()
  const { reload } = useDraftStore(agent_id)
  const before = useRevision(id, left, content)
  const after = useRevision(id, right, content)

  const restore = async () => {
    if (unsaved) return toast('Save or discard your changes first')
    await studio.call('agent.restore', { agent_id: id, revision: right, based_on: head })
    onChosen(undefined)
    await reload()
    toast(`Revision ${right} is restored as the new head`)
  }
  const choices = [
    ...(unsaved ? [{ value: String(WORKING_COPY), label: 'working copy' }] : []),
    ...history.revisions.map(({ revision }) => ({ value: String(revision), label: history.nameOf(revision) })),
  ]
  return (
    <div className={classes.compare}>
      <div className={classes.bar}>
        <Select
          label="Compare"
          w={150}
          searchable
          data={choices}
          value={String(left)}
          onChange={(value) => value !== null && onChosen({ left: Number(value), right })}
        />
        <Select
          label="with"
          w={150}
          searchable
          data={choices}
          value={String(right)}
          onChange={(value) => value !== null && onChosen({ left, right: Number(value) })}
        />
        <span className={classes.spacer} />
        {right !== WORKING_COPY && right !== head && (
          <Button onClick={() => void restore().catch(toastError)}>Restore revision {right}</Button>
        )}
        {unsaved && right === WORKING_COPY && <Discard agent_id={agent_id} />}
      </div>
      {(before.error ?? after.error) && (
        <ErrorNote error={before.error ?? after.error ?? { message: '', hint: '', problems: [] }} />
      )}
      {left === right && (
        <Empty
          title="Nothing to compare yet"
          hint="Save a change: every save is kept as a revision, and any two can be compared here."
        />
      )}
      {left !== right && before.value && after.value && <DocumentDiff before={before.value} after={after.value} />}
      {left !== right && !(before.value && after.value) && !before.error && !after.error && <Busy label="Loading" />}
    </div>
  )
}

function useRevision(agent_id: AgentId, revision: number, workingCopy: DocumentJson) {
  const { value, error } = useOperation('agent.revision', revision === WORKING_COPY ? undefined : { agent_id, revision })
  return { value: revision === WORKING_COPY ? workingCopy : value?.content, error }
}

function Discard({ agent_id }: { agent_id: string }) {
  const { discard, store, change } = useDraftStore(agent_id)
  const run = async () => {
    const before = store.getState().draft?.content
    await discard()
    if (before) toastUndo('Discarded the unsaved changes', () => change(() => before))
  }
  return <Button onClick={() => void run().catch(toastError)}>Discard changes</Button>
}
