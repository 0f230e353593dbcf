import { Popover } from '@mantine/core'
import { useState } from 'react'
import { Badge } from '../../ui/badge.tsx'
import { errorText } from '../workspace/finding-place.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { constraintText } from './constraint-text.ts'
import { useFieldList } from './field-list.ts'
import { LimitsForm } from './limits-form.tsx'
import type { FieldRow } from './field-rows.ts'
import classes from './output-tab.module.css'

/** The row's limits, choices, default and whether it may be left out, in one line; the form opens in place. */
export function LimitsCell({ row, index, name }: { row: FieldRow; index: number; name: string }) {
  const { findingsAt } = useWorkspace()
  const [opened, setOpened] = useState(false)
  const { pointerOf } = useFieldList()
  const pointer = pointerOf(index)
  const error = errorText([...findingsAt(`${pointer}/constraints`), ...findingsAt(`${pointer}/default`)])
  const text = constraintText(row)
  return (
    <Popover width={340} position="bottom-start" shadow="md" trapFocus opened={opened} onChange={setOpened}>
      <Popover.Target>
        <button
          type="button"
          className={`${classes.cell ?? ''} mono`}
          data-control="limits"
          data-pointer={`${pointer}/constraints`}
          data-error={error !== undefined}
          aria-label={`Limits of ${name}: ${text || 'none'}`}
          aria-expanded={opened}
          title={text}
          onClick={() => setOpened(!opened)}
        >
          {!row.required && <Badge>optional</Badge>} {text || <span className={classes.placeholder}>none</span>}
          {row.default !== undefined && <span className={classes.placeholder}> = {JSON.stringify(row.default)}</span>}
        </button>
      </Popover.Target>
      {error && <div className={classes.cellError}>{error}</div>}
      <Popover.Dropdown aria-label={`Limits of ${name}`}>
        <LimitsForm row={row} index={index} />
      </Popover.Dropdown>
    </Popover>
  )
}
