import { closestCenter, DndContext, KeyboardSensor, PointerSensor, useSensor, useSensors, type DragEndEvent } from '@dnd-kit/core'
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from '@dnd-kit/sortable'
import { useShortcut } from '../../ui/shortcuts.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { useFieldList } from './field-list.ts'
import { FieldTableRow } from './field-table-row.tsx'
import { moveField, type FieldRow } from './field-rows.ts'
import classes from './output-tab.module.css'

const rowOf = (element: Element | null): number => Number(element?.closest<HTMLElement>('[data-row]')?.dataset['row'] ?? -1)

/** The table that is edited in place: text in its cells, order by drag or keys. */
export function FieldTable({ rows }: { rows: readonly FieldRow[] }) {
  const { change, read_only } = useWorkspace()
  const { path, label, roles } = useFieldList()
  const one = roles ? 'field' : 'parameter'
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  const ids = rows.map((_, index) => `row-${index}`)
  const move = (from: number, to: number) => change((now) => moveField(now, from, to, path))

  const step = (by: number) => {
    const from = rowOf(document.activeElement)
    const to = from + by
    if (from < 0 || to < 0 || to >= rows.length) return
    const control = document.activeElement?.getAttribute('data-control')
    move(from, to)
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>(`[data-row="${to}"] [data-control="${control ?? 'name'}"]`)?.focus(),
    )
  }
  useShortcut('alt+ArrowUp', `Move the ${one} up`, () => step(-1), !read_only)
  useShortcut('alt+ArrowDown', `Move the ${one} down`, () => step(1), !read_only)

  const drop = ({ active, over }: DragEndEvent) => {
    if (over) move(ids.indexOf(String(active.id)), ids.indexOf(String(over.id)))
  }
  return (
    <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={drop}>
      <SortableContext items={ids} strategy={verticalListSortingStrategy} disabled={read_only}>
        <table className={classes.table} aria-label={label} data-roles={roles}>
          <colgroup>
            <col style={{ width: 26 }} />
            <col style={{ width: '23%' }} />
            <col style={{ width: 104 }} />
            {roles && <col style={{ width: 88 }} />}
            <col style={{ width: '19%' }} />
            <col />
            <col style={{ width: 30 }} />
          </colgroup>
          <thead>
            <tr>
              <th>
                <span className="visually-hidden">Order</span>
              </th>
              <th>Name</th>
              <th>Type</th>
              {roles && <th>Role</th>}
              <th>Limits and default</th>
              <th>Description for the model</th>
              <th>
                <span className="visually-hidden">Remove</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <FieldTableRow key={ids[index]} id={ids[index] ?? ''} row={row} index={index} />
            ))}
          </tbody>
        </table>
      </SortableContext>
    </DndContext>
  )
}
