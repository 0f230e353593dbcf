import { ActionIcon, Menu } from '@mantine/core'
import { closestCenter, DndContext, PointerSensor, useSensor, useSensors } from '@dnd-kit/core'
import { SortableContext, useSortable, verticalListSortingStrategy } from '@dnd-kit/sortable'
import { IconArrowDown, IconArrowUp, IconCopy, IconDots, IconTrash } from '@tabler/icons-react'
import type { KeyboardEvent } from 'react'
import { useShortcut } from '../../ui/shortcuts.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { AddToolMenu } from './add-tool-menu.tsx'
import { ToolIcon } from './tool-icon.tsx'
import { kindLabel } from './tool-examples.ts'
import type { ToolRow } from './tool-rows.ts'
import type { ToolCommands } from './tools-tab.tsx'
import classes from './tools-tab.module.css'

type Props = Readonly<{
  tools: readonly ToolRow[]
  open: number
  onOpen: (at: number) => void
  commands: ToolCommands
}>

/** The tools in the order in which the LLM is told of them. Arrows open the next, Alt+arrows and the mouse move one. */
export function ToolList({ tools, open, onOpen, commands }: Props) {
  const { read_only } = useWorkspace()
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 4 } }))
  const ids = tools.map((_, index) => `tool-row-${index}`)
  const isHere = () => document.activeElement?.closest('[data-tools]') != null
  useShortcut('alt+ArrowUp', 'Move the tool up', () => isHere() && commands.move(open, open - 1), !read_only)
  useShortcut('alt+ArrowDown', 'Move the tool down', () => isHere() && commands.move(open, open + 1), !read_only)

  const step = (event: KeyboardEvent) => {
    if (event.altKey) return
    const to = { ArrowDown: open + 1, ArrowUp: open - 1, Home: 0, End: tools.length - 1 }[event.key]
    if (event.key === 'Delete' && !read_only) commands.remove(open)
    else if (to === undefined || !tools[to]) return
    else {
      onOpen(to)
      document.querySelector<HTMLElement>(`#tool-${to}`)?.focus()
    }
    event.preventDefault()
  }
  return (
    <nav className={classes.side} aria-label="Tools" data-tools>
      <DndContext
        sensors={sensors}
        collisionDetection={closestCenter}
        onDragEnd={({ active, over }) => over && commands.move(ids.indexOf(String(active.id)), ids.indexOf(String(over.id)))}
      >
        <SortableContext items={ids} strategy={verticalListSortingStrategy} disabled={read_only}>
          <div className={classes.list} role="tablist" aria-orientation="vertical" aria-label="Tools" onKeyDown={step}>
            {tools.map((tool, index) => (
              <Row key={index} id={ids[index] ?? ''} tool={tool} index={index} open={index === open} onOpen={onOpen} />
            ))}
          </div>
        </SortableContext>
      </DndContext>
      {!read_only && (
        <div className={classes.actions}>
          <AddToolMenu onAdd={commands.add} />
          <ToolMenu at={open} count={tools.length} name={tools[open]?.name ?? ''} commands={commands} />
        </div>
      )}
    </nav>
  )
}

type RowProps = Readonly<{ id: string; tool: ToolRow; index: number; open: boolean; onOpen: (at: number) => void }>

function Row({ id, tool, index, open, onOpen }: RowProps) {
  const { findingsAt } = useWorkspace()
  const { listeners, setNodeRef, transform, transition } = useSortable({ id })
  const findings = findingsAt(`/tools/${index}`)
  const worst = findings.some(({ severity }) => severity === 'error') ? 'bad' : findings.length > 0 ? 'warn' : undefined
  return (
    <button
      ref={setNodeRef}
      type="button"
      role="tab"
      id={`tool-${index}`}
      className={classes.row}
      aria-selected={open}
      aria-controls={open ? `tool-panel-${index}` : undefined}
      tabIndex={open ? 0 : -1}
      data-pointer={`/tools/${index}`}
      style={{ transform: transform ? `translate3d(0, ${transform.y}px, 0)` : undefined, transition }}
      title={tool.description || kindLabel(tool.kind)}
      onClick={() => onOpen(index)}
      {...listeners}
    >
      <ToolIcon kind={tool.kind} />
      <span className={classes.rowName}>{tool.name || '(no name)'}</span>
      {worst && (
        <span className={classes.mark} data-tone={worst} role="img" aria-label={worst === 'bad' ? 'has problems' : 'has hints'}>
          •
        </span>
      )}
    </button>
  )
}

type MenuProps = Readonly<{ at: number; count: number; name: string; commands: ToolCommands }>

const ToolMenu = ({ at, count, name, commands }: MenuProps) => (
  <Menu position="bottom-start">
    <Menu.Target>
      <ActionIcon aria-label={`Actions for ${name || 'the tool'}`}>
        <IconDots size={16} />
      </ActionIcon>
    </Menu.Target>
    <Menu.Dropdown>
      <Menu.Item leftSection={<IconCopy size={14} />} onClick={() => commands.duplicate(at)}>
        Duplicate
      </Menu.Item>
      <Menu.Item leftSection={<IconArrowUp size={14} />} disabled={at === 0} onClick={() => commands.move(at, at - 1)}>
        Move up
      </Menu.Item>
      <Menu.Item leftSection={<IconArrowDown size={14} />} disabled={at >= count - 1} onClick={() => commands.move(at, at + 1)}>
        Move down
      </Menu.Item>
      <Menu.Item leftSection={<IconTrash size={14} />} onClick={() => commands.remove(at)}>
        Remove
      </Menu.Item>
    </Menu.Dropdown>
  </Menu>
)
