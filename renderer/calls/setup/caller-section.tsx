import { useState } from 'react'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { callerWords, readCaller, type CallerDraft } from './caller-details.ts'
import { CallerEditor } from './caller-editor.tsx'
import classes from './setup.module.css'

/** Who calls, folded until somebody wants to be somebody. */
export function CallerSection({ draft, onChange }: { draft: CallerDraft; onChange: (draft: CallerDraft) => void }) {
  const { problems } = readCaller(draft)
  const [opened, setOpened] = useState(false)
  const open = opened || Object.keys(problems).length > 0
  const Chevron = open ? IconChevronDown : IconChevronRight
  return (
    <section>
      <button type="button" className={classes.fold} aria-expanded={open} onClick={() => setOpened(!open)}>
        <Chevron size={13} aria-hidden />
        <h2 className={classes.title}>Who calls</h2>
        <span className={classes.foldWords}>{callerWords(draft)}</span>
      </button>
      {open && (
        <div className={classes.folded}>
          <CallerEditor draft={draft} problems={problems} onChange={onChange} />
        </div>
      )}
    </section>
  )
}
