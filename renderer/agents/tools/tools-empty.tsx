import { Button } from '@mantine/core'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { AddToolMenu } from './add-tool-menu.tsx'
import { ToolIcon } from './tool-icon.tsx'
import { EXAMPLES } from './tool-examples.ts'
import type { NewTool } from './tools-tab.tsx'
import classes from './tools-tab.module.css'

/** Nothing is here yet: what tools are for, and three to begin with. */
export function ToolsEmpty({ onAdd }: { onAdd: (tool: NewTool) => void }) {
  const { read_only } = useWorkspace()
  return (
    <div className={classes.empty}>
      <h2 className={classes.emptyTitle}>This agent only talks</h2>
      <p className={classes.emptyText}>
        With tools it can act during the call: ask your systems, change something there, let the caller’s app do something, hand
        over to another agent, hang up. The LLM decides when, by the tool’s description, and fills in its parameters. Each run is
        kept with the turn: what was asked, what came back, how long it took.
      </p>
      <ul className={classes.examples} aria-label="Examples">
        {EXAMPLES.map(({ id, title, help, tool }) => (
          <li key={id} className={classes.example}>
            <span className={classes.exampleTitle}>
              <ToolIcon kind={id === 'end' ? 'end_call' : 'http'} /> {title}
            </span>
            <span className={classes.hint}>{help}</span>
            <Button disabled={read_only} aria-label={`Add: ${title}`} onClick={() => onAdd(tool)}>
              Add
            </Button>
          </li>
        ))}
      </ul>
      {!read_only && (
        <div className={classes.emptyAdd}>
          <AddToolMenu onAdd={onAdd} />
        </div>
      )}
    </div>
  )
}
