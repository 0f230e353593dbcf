import { SegmentedControl, Textarea } from '@mantine/core'
import { lazy, Suspense, useRef, type KeyboardEvent } from 'react'
import { useUiState } from '../../client/settings-context.tsx'
import { textAt } from '../document-edit.ts'
import { FindingsList } from '../workspace/findings-list.tsx'
import { errorText } from '../workspace/finding-place.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { isMode, type Mode } from './view-mode.ts'
import { VariablesTable } from './variables-table.tsx'
import { useVariableRows } from './use-variable-rows.ts'
import { readFields } from '../output/field-rows.ts'
import classes from './prompt-tab.module.css'

const FieldOverview = lazy(async () => ({ default: (await import('../output/field-overview.tsx')).FieldOverview }))

const TABS = ['output', 'greeting', 'variables', 'problems'] as const
type DockTab = (typeof TABS)[number]
const isTab = (value: unknown): value is DockTab => TABS.some((tab) => tab === value)
const GREETING = ['prompt_config', 'greeting'] as const

/** Below the instructions: what they speak of (fields, variables), how the call opens, and what is wrong. */
export function PromptDock({ mode, onMode }: { mode: Mode; onMode: (mode: Mode) => void }) {
  const { content, check } = useWorkspace()
  const [tab, setTab] = useUiState<DockTab>('prompt.dock', 'output', isTab)
  const list = useRef<HTMLDivElement>(null)
  const names: Readonly<Record<DockTab, string>> = {
    output: `Output ${readFields(content).length}`,
    greeting: 'Greeting',
    variables: `Variables ${useVariableRows(content).length}`,
    problems: `Problems ${check?.findings.length ?? 0}`,
  }
  const step = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const next = TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length]
    if (by === 0 || !next) return
    setTab(next)
    list.current?.querySelector<HTMLElement>(`#dock-${next}`)?.focus()
  }
  return (
    <section className={classes.dock} aria-label="Details of the prompt">
      <div className={classes.dockHead}>
        <div className={classes.dockTabs} role="tablist" aria-label="Details of the prompt" ref={list} onKeyDown={step}>
          {TABS.map((one) => (
            <button
              key={one}
              id={`dock-${one}`}
              type="button"
              role="tab"
              className={classes.dockTab}
              aria-selected={one === tab}
              aria-controls="dock-body"
              tabIndex={one === tab ? 0 : -1}
              onClick={() => setTab(one)}
            >
              {names[one]}
            </button>
          ))}
        </div>
        <SegmentedControl
          aria-label="View of the instructions"
          value={mode}
          onChange={(value) => isMode(value) && onMode(value)}
          data={[
            { value: 'write', label: 'Write' },
            { value: 'both', label: 'Both' },
            { value: 'preview', label: 'Preview' },
          ]}
        />
      </div>
      <div className={classes.dockBody} id="dock-body" role="tabpanel" aria-labelledby={`dock-${tab}`} tabIndex={0}>
        <Suspense>{tab === 'output' && <FieldOverview />}</Suspense>
        {tab === 'greeting' && <Greeting />}
        {tab === 'variables' && <VariablesTable />}
        {tab === 'problems' && <FindingsList />}
      </div>
    </section>
  )
}

function Greeting() {
  const { content, set, read_only, findingsAt } = useWorkspace()
  return (
    <div className={classes.greetingBox}>
      <Textarea
        label="Greeting"
        description="What the agent says first, word for word, without asking the model. Empty: the caller speaks first."
        autosize
        minRows={2}
        maxRows={8}
        readOnly={read_only}
        data-pointer="/prompt_config/greeting"
        error={errorText(findingsAt('/prompt_config/greeting'))}
        value={textAt(content, GREETING)}
        onChange={(event) => set(GREETING, event.currentTarget.value || undefined)}
      />
    </div>
  )
}
