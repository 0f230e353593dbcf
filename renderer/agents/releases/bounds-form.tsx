import { Button } from '@mantine/core'
import { useState } from 'react'
import type { ReleaseBounds } from '../../../core/contract/releases.ts'
import { draftOf, isSameDraft, readBounds } from './bounds-draft.ts'
import { BoundsFields } from './bounds-fields.tsx'
import classes from './releases.module.css'

type Props = Readonly<{ bounds: ReleaseBounds; judged: string; busy: boolean; onBounds: (bounds: ReleaseBounds) => void }>

/** When the release stops by itself, and how far that is. */
export function BoundsForm({ bounds, judged, busy, onBounds }: Props) {
  const saved = draftOf(bounds)
  const [draft, setDraft] = useState(saved)
  const read = readBounds(draft)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (read) onBounds(read)
      }}
    >
      <fieldset className={classes.group}>
        <legend className={classes.legend}>Stops by itself above</legend>
        <div className={classes.row}>
          <BoundsFields draft={draft} onDraft={setDraft} />
          {!isSameDraft(draft, saved) && (
            <>
              <Button type="submit" variant="filled" disabled={busy || !read}>
                Use these
              </Button>
              <Button onClick={() => setDraft(saved)}>Undo</Button>
            </>
          )}
        </div>
        <p className={classes.text}>{judged}</p>
      </fieldset>
    </form>
  )
}
