import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useMemo } from 'react'
import { FieldListContext } from '../output/field-list.ts'
import { FieldTable } from '../output/field-table.tsx'
import { insertField, newField, rawFields, readFields } from '../output/field-rows.ts'
import { focusPointer } from '../workspace/reveal.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { useTool } from './tool-context.ts'
import classes from './tools-tab.module.css'

/** What the LLM fills in: rows like those of the output. */
export function ParametersForm() {
  const { content, change, read_only } = useWorkspace()
  const { index, pointerOf } = useTool()
  const list = useMemo(() => ({ path: ['tools', index, 'parameters'], label: 'Parameters', roles: false }), [index])
  const rows = useMemo(() => readFields(content, list.path), [content, list])
  const add = () => {
    change((now) => insertField(now, rawFields(now, list.path).length, newField(now, list.path), list.path))
    setTimeout(() => focusPointer(pointerOf('parameters', rows.length, 'field_name')), 60)
  }
  return (
    <section className={classes.section} aria-label="Parameters">
      <div className={classes.sectionHead}>
        <h2 className={classes.heading}>Parameters</h2>
        <span className={classes.hint}>What the LLM fills in, from what the caller said.</span>
        {!read_only && (
          <Button leftSection={<IconPlus size={14} />} onClick={add}>
            Add a parameter
          </Button>
        )}
      </div>
      {rows.length === 0 ? (
        <p className={classes.text}>None: the tool is called without arguments.</p>
      ) : (
        <div className={classes.table}>
          <FieldListContext value={list}>
            <FieldTable rows={rows} />
          </FieldListContext>
        </div>
      )}
    </section>
  )
}
