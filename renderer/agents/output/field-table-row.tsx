import { ActionIcon, Textarea, TextInput } from '@mantine/core'
import { useSortable } from '@dnd-kit/sortable'
import { useState } from 'react'
import { IconGripVertical, IconX } from '@tabler/icons-react'
import { toastUndo } from '../../ui/toast.tsx'
import { errorText } from '../workspace/finding-place.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { LimitsCell } from './limits-cell.tsx'
import { RolePicker } from './role-picker.tsx'
import { TypePicker } from './type-picker.tsx'
import { useFieldList } from './field-list.ts'
import { insertField, rawFields, removeField, renameField, type FieldRow } from './field-rows.ts'
import classes from './output-tab.module.css'

export function FieldTableRow({ id, row, index }: { id: string; row: FieldRow; index: number }) {
  const { content, change, read_only, findingsAt } = useWorkspace()
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({ id })
  const { path, roles, pointerOf } = useFieldList()
  const pointer = pointerOf(index)
  const name = row.field_name || `${roles ? 'field' : 'parameter'} ${index + 1}`

  const remove = () => {
    const raw = rawFields(content, path)[index]
    change((now) => removeField(now, index, path))
    if (raw !== undefined) toastUndo(`Removed ${name}`, () => change((now) => insertField(now, index, raw, path)))
  }
  return (
    <tr
      ref={setNodeRef}
      className={classes.row}
      data-row={index}
      data-dragging={isDragging}
      style={{ transform: transform ? `translate3d(0, ${transform.y}px, 0)` : undefined, transition }}
    >
      <td>
        <ActionIcon
          ref={setActivatorNodeRef}
          size="sm"
          mt={4}
          className={classes.handle ?? ''}
          disabled={read_only}
          {...attributes}
          {...listeners}
          aria-label={`Move ${name}`}
          data-control="handle"
        >
          <IconGripVertical size={14} />
        </ActionIcon>
      </td>
      <td>
        <TextInput
          className={`${classes.input ?? ''} ${classes.name ?? ''}`}
          aria-label={`Name of ${name}`}
          data-control="name"
          data-pointer={`${pointer}/field_name`}
          readOnly={read_only}
          spellCheck={false}
          error={errorText(findingsAt(`${pointer}/field_name`))}
          value={row.field_name}
          onChange={({ currentTarget: { value } }) => change((now) => renameField(now, index, value, path))}
        />
      </td>
      <td>
        <TypePicker row={row} index={index} name={name} />
      </td>
      {roles && (
        <td>
          <RolePicker row={row} index={index} name={name} />
        </td>
      )}
      <td>
        <LimitsCell row={row} index={index} name={name} />
      </td>
      <td>
        <DescriptionCell row={row} index={index} name={name} />
      </td>
      <td>
        <ActionIcon size="sm" mt={4} disabled={read_only} aria-label={`Remove ${name}`} data-control="remove" onClick={remove}>
          <IconX size={14} />
        </ActionIcon>
      </td>
    </tr>
  )
}

/** One line while it is read, the whole text while it is written. */
function DescriptionCell({ row, index, name }: { row: FieldRow; index: number; name: string }) {
  const { set, read_only } = useWorkspace()
  const { path, pointerOf } = useFieldList()
  const [open, setOpen] = useState(false)
  return (
    <Textarea
      className={classes.input ?? ''}
      classNames={{ input: open ? '' : (classes.oneLine ?? '') }}
      aria-label={`Description of ${name}`}
      data-control="description"
      data-pointer={`${pointerOf(index)}/description`}
      placeholder="what belongs in it"
      title={open ? undefined : row.description}
      autosize
      minRows={1}
      maxRows={open ? 8 : 1}
      readOnly={read_only}
      onFocus={() => setOpen(true)}
      onBlur={() => setOpen(false)}
      value={row.description}
      onChange={({ currentTarget: { value } }) => set([...path, index, 'description'], value)}
    />
  )
}
