import { useState } from 'react'
import { Panel, ResizableGroup, ResizeHandle } from '../../ui/resizable.tsx'
import { toastUndo } from '../../ui/toast.tsx'
import { pointerParts, type JsonValue } from '../document-edit.ts'
import { focusPointer, useReveal } from '../workspace/reveal.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import type { BLANKS } from './tool-examples.ts'
import { ToolContext } from './tool-context.ts'
import { ToolEditor } from './tool-editor.tsx'
import { ToolList } from './tool-list.tsx'
import { ToolPreview } from './tool-preview.tsx'
import { duplicateTool, freeToolName, insertTool, moveTool, rawTools, readTools, removeTool } from './tool-rows.ts'
import { ToolsEmpty } from './tools-empty.tsx'
import classes from './tools-tab.module.css'

export type NewTool = (typeof BLANKS)[keyof typeof BLANKS]

/** What the tab does to the list. */
export type ToolCommands = Readonly<{
  add: (tool: NewTool) => void
  duplicate: (at: number) => void
  move: (from: number, to: number) => void
  remove: (at: number) => void
}>

const focusTool = (at: number) => setTimeout(() => document.querySelector<HTMLElement>(`#tool-${at}`)?.focus(), 60)

/** What the agent can do besides talking: the list, one tool open beside it, and below how it looks to the LLM and to whom it asks. */
export function ToolsTab() {
  const { agent_id, content, change } = useWorkspace()
  const [chosen, choose] = useState(0)
  const tools = readTools(content)
  const open = Math.min(chosen, tools.length - 1)
  useReveal(({ path }) => {
    const at = Number(pointerParts(path)[1])
    if (Number.isInteger(at)) choose(at)
    // After the tool has been drawn.
    setTimeout(() => focusPointer(path), 60)
  })

  const commands: ToolCommands = {
    add: (tool) => {
      choose(tools.length)
      change((now) => insertTool(now, rawTools(now).length, { ...tool, name: freeToolName(now, tool.name) }))
      setTimeout(() => focusPointer(`/tools/${tools.length}/name`), 60)
    },
    duplicate: (at) => {
      choose(at + 1)
      change((now) => duplicateTool(now, at))
      focusTool(at + 1)
    },
    move: (from, to) => {
      if (to < 0 || to >= tools.length) return
      choose(to)
      change((now) => moveTool(now, from, to))
      focusTool(to)
    },
    remove: (at) => {
      const raw: JsonValue | undefined = rawTools(content)[at]
      choose(Math.max(0, at === tools.length - 1 ? at - 1 : at))
      change((now) => removeTool(now, at))
      focusTool(Math.max(0, Math.min(at, tools.length - 2)))
      if (raw !== undefined)
        toastUndo(`Removed ${tools[at]?.name || 'the tool'}`, () => {
          change((now) => insertTool(now, at, raw))
          choose(at)
        })
    },
  }
  // What was typed for one tool is not taken for another one's.
  const key = `${agent_id} ${open} ${tools.length}`
  if (tools.length === 0) return <ToolsEmpty onAdd={commands.add} />
  return (
    <ToolContext value={open}>
      <ResizableGroup id="tools" orientation="vertical">
        <Panel id="tools-edit" minSize={200}>
          <div className={classes.edit}>
            <ToolList tools={tools} open={open} onOpen={choose} commands={commands} />
            <div
              key={key}
              id={`tool-panel-${open}`}
              role="tabpanel"
              aria-labelledby={`tool-${open}`}
              className={classes.editor}
              tabIndex={-1}
            >
              <ToolEditor />
            </div>
          </div>
        </Panel>
        <ResizeHandle label="Resize the form and its preview" />
        <Panel id="tools-preview" minSize={60} defaultSize="36%">
          <ToolPreview key={key} />
        </Panel>
      </ResizableGroup>
    </ToolContext>
  )
}
