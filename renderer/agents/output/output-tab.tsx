import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useMemo } from 'react'
import { exampleOutput } from '../../../core/output/example-output.ts'
import { toJsonSchema } from '../../../core/output/json-schema.ts'
import { Empty } from '../../ui/empty.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { Panel, ResizableGroup, ResizeHandle } from '../../ui/resizable.tsx'
import { focusPointer, useReveal } from '../workspace/reveal.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { FieldTable } from './field-table.tsx'
import { insertField, newField, rawFields, readFields } from './field-rows.ts'
import { OrderBanner } from './order-banner.tsx'
import { toRule } from './use-speech-cost.ts'
import classes from './output-tab.module.css'

/** The fields of the agent's output, and live beside them what they mean as JSON. */
export function OutputTab() {
  const { content, change, read_only } = useWorkspace()
  const rows = useMemo(() => readFields(content), [content])
  const rules = useMemo(() => rows.map(toRule), [rows])
  useReveal(({ path }) => focusPointer(path))

  const add = () => {
    const at = rows.length
    change((now) => insertField(now, rawFields(now).length, newField(now)))
    setTimeout(() => focusPointer(`/schema_config/fields/${at}/field_name`), 60)
  }
  const addButton = (
    <Button leftSection={<IconPlus size={14} />} onClick={add} disabled={read_only}>
      Add a field
    </Button>
  )

  return (
    <ResizableGroup id="output" orientation="vertical">
      <Panel id="fields" minSize={140}>
        <div className={classes.fields}>
          {rows.length === 0 ? (
            <Empty
              title="No fields yet"
              hint="Every answer is JSON with these fields. Start with system_response: its text is spoken while it streams in. Then add what your application wants to know: a stage, a score, flags."
              action={addButton}
            />
          ) : (
            <>
              <OrderBanner />
              <FieldTable rows={rows} />
              <div className={classes.add}>
                {addButton}
                <span className={classes.note}>The model writes fields in this order. Alt+↑ and Alt+↓ move one.</span>
              </div>
            </>
          )}
        </div>
      </Panel>
      <ResizeHandle label="Resize fields and JSON" />
      <Panel id="json" minSize={60} defaultSize="38%">
        <div className={classes.json}>
          <JsonView title="JSON Schema" value={toJsonSchema(rules)} />
          <JsonView title="Example" value={exampleOutput(rules)} />
        </div>
      </Panel>
    </ResizableGroup>
  )
}
