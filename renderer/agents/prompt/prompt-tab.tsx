import { lazy, Suspense, useMemo } from 'react'
import { useUiState } from '../../client/settings-context.tsx'
import { Panel, ResizableGroup, ResizeHandle } from '../../ui/resizable.tsx'
import { textAt } from '../document-edit.ts'
import { readFields } from '../output/field-rows.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { variableDetail, type PromptWords } from './completions.ts'
import { PromptDock } from './prompt-dock.tsx'
import { isMode, type Mode } from './view-mode.ts'
import { PromptEditor } from './prompt-editor.tsx'
import { declaredVariables } from './prompt-variables.ts'
import { useVariableRows } from './use-variable-rows.ts'
import classes from './prompt-tab.module.css'

const PromptPreview = lazy(async () => ({ default: (await import('./prompt-preview.tsx')).PromptPreview }))

const INSTRUCTIONS = ['prompt_config', 'instructions'] as const
const NONE = [] as const

/** Instructions, their preview, and below them what belongs to a prompt. */
export function PromptTab() {
  const { content, check, set, read_only } = useWorkspace()
  const [mode, setMode] = useUiState<Mode>('prompt.mode', 'write', isMode)
  const text = textAt(content, INSTRUCTIONS)
  const rows = useVariableRows(content)
  const words = useMemo<PromptWords>(() => {
    const declared = declaredVariables(content)
    return {
      variables: rows.map(({ name }) => ({ name, detail: variableDetail(declared[name]) })),
      fields: readFields(content).map(({ field_name, field_type }) => ({ name: field_name, detail: field_type })),
    }
  }, [content, rows])

  return (
    <ResizableGroup id="prompt" orientation="vertical">
      <Panel id="instructions" minSize={140}>
        <div className={classes.top}>
          <div className={classes.pane} hidden={mode === 'preview'}>
            <PromptEditor
              text={text}
              words={words}
              findings={check?.findings ?? NONE}
              read_only={read_only}
              onChange={(next) => set(INSTRUCTIONS, next)}
            />
          </div>
          {mode !== 'write' && (
            <Suspense fallback={null}>
              <PromptPreview />
            </Suspense>
          )}
        </div>
      </Panel>
      <ResizeHandle label="Resize instructions and details" />
      <Panel id="dock" minSize={38} defaultSize={210} groupResizeBehavior="preserve-pixel-size">
        <PromptDock mode={mode} onMode={setMode} />
      </Panel>
    </ResizableGroup>
  )
}
