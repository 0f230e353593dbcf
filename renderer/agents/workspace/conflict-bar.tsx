import { Button, Modal } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { useDraft, useDraftStore } from '../agents-context.tsx'
import { Busy } from '../../ui/busy.tsx'
import classes from './workspace.module.css'

const DocumentDiff = lazy(async () => ({ default: (await import('../versions/document-diff.tsx')).DocumentDiff }))

/** Another window changed the agent while text here was on its way: both are kept until the person decides. */
export function ConflictBar({ agent_id }: { agent_id: string }) {
  const { takeTheirs, keepMine } = useDraftStore(agent_id)
  const draft = useDraft(agent_id, (state) => state.draft)
  const [comparing, setComparing] = useState(false)
  if (!draft?.theirs) return null
  const decide = (how: () => void) => () => {
    setComparing(false)
    how()
  }
  const choices = (
    <>
      <Button onClick={decide(takeTheirs)}>Take theirs</Button>
      <Button onClick={decide(keepMine)}>Keep mine</Button>
    </>
  )
  return (
    <div className={classes.conflict} role="alert">
      <span>This agent was changed in another window while you typed. Nothing is overwritten until you choose.</span>
      <Button onClick={() => setComparing(true)}>Compare…</Button>
      {choices}
      <Modal
        opened={comparing}
        onClose={() => setComparing(false)}
        size="90%"
        title="Theirs (left) and yours (right)"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Suspense fallback={<Busy label="Loading the comparison" />}>
          <DocumentDiff before={draft.theirs.content} after={draft.content} height="60vh" />
        </Suspense>
        <div className={classes.status}>{choices}</div>
      </Modal>
    </div>
  )
}
