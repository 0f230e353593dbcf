import { Switch } from '@mantine/core'
import { draftOf, USUAL_BOUNDS, type BoundsDraft } from '../releases/bounds-draft.ts'
import { BoundsFields } from '../releases/bounds-fields.tsx'
import classes from './routing.module.css'

type Props = Readonly<{ draft: BoundsDraft | undefined; onDraft: (draft: BoundsDraft | undefined) => void }>

/** When an agent of the weights stops by itself. */
export const WeightBounds = ({ draft, onDraft }: Props) => (
  <>
    <Switch
      label="Stops by itself above"
      description="An agent past a bound gets no more callers while another one is within them; calls since the last change count"
      checked={draft !== undefined}
      onChange={({ currentTarget }) => onDraft(currentTarget.checked ? draftOf(USUAL_BOUNDS) : undefined)}
    />
    {draft && (
      <div className={classes.row}>
        <BoundsFields draft={draft} onDraft={onDraft} />
      </div>
    )}
  </>
)
