import { NumberInput } from '@mantine/core'
import type { BoundsDraft } from './bounds-draft.ts'
import classes from './releases.module.css'

type Props = Readonly<{ draft: BoundsDraft; onDraft: (draft: BoundsDraft) => void }>

/** Past one of these a release stops by itself. */
export const BoundsFields = ({ draft, onDraft }: Props) => (
  <div className={classes.three}>
    <NumberInput
      label="Calls with an error"
      min={0}
      max={100}
      decimalScale={2}
      suffix="%"
      value={draft.errors}
      onChange={(errors) => onDraft({ ...draft, errors })}
    />
    <NumberInput
      label="Silence p95"
      placeholder="no bound"
      min={100}
      max={600_000}
      step={100}
      allowDecimal={false}
      suffix=" ms"
      value={draft.silence}
      onChange={(silence) => onDraft({ ...draft, silence })}
    />
    <NumberInput
      label="Judged after"
      min={1}
      max={1_000_000}
      allowDecimal={false}
      suffix=" calls"
      value={draft.calls}
      onChange={(calls) => onDraft({ ...draft, calls })}
    />
  </div>
)
