import { Select } from '@mantine/core'
import { constraintsOf } from '../../../core/output/field-definition.ts'
import { formatLiteral, parseFieldType } from '../../../core/output/field-type.ts'
import { errorText } from '../workspace/finding-place.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { useFieldList } from './field-list.ts'
import { setType, type FieldRow } from './field-rows.ts'
import classes from './output-tab.module.css'

const LITERAL = 'Literal'
const TYPES = ['str', 'int', 'float', 'bool', 'list[str]', 'list[int]', LITERAL]

export function TypePicker({ row, index, name }: { row: FieldRow; index: number; name: string }) {
  const { change, read_only, findingsAt } = useWorkspace()
  const { path, pointerOf } = useFieldList()
  const pointer = `${pointerOf(index)}/field_type`
  const parsed = parseFieldType(row.field_type)
  const shown = parsed.ok && parsed.type.kind === 'literal' ? LITERAL : row.field_type.replaceAll(/\s+/g, '')
  const pick = (value: string | null) => {
    if (value === null || value === shown) return
    const type = value === LITERAL ? formatLiteral(['first', 'second']) : value
    const next = parseFieldType(type)
    change((now) => setType(now, index, type, next.ok ? constraintsOf(next.type) : [], path))
  }
  return (
    <Select
      className={`${classes.input ?? ''} ${classes.name ?? ''}`}
      aria-label={`Type of ${name}`}
      data-control="type"
      data-pointer={pointer}
      readOnly={read_only}
      comboboxProps={{ width: 130, position: 'bottom-start' }}
      rightSectionWidth={16}
      // A type that cannot be read stays visible until another one is chosen.
      data={TYPES.includes(shown) ? TYPES : [...TYPES, shown]}
      error={errorText(findingsAt(pointer))}
      value={shown}
      onChange={pick}
    />
  )
}
