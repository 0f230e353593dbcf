import { useRef, type KeyboardEvent } from 'react'
import type { WorkspaceTab } from '../../client/address.ts'
import { readFields } from '../output/field-rows.ts'
import { ProblemsButton } from './problems-button.tsx'
import { tabOf } from './finding-place.ts'
import { TokenCount } from './token-count.tsx'
import { useWorkspace } from './workspace-context.ts'
import classes from './workspace.module.css'

const NAMES: Readonly<Record<WorkspaceTab, string>> = {
  prompt: 'Prompt',
  output: 'Output',
  voice: 'Voice & models',
  versions: 'Versions',
  call: 'Call',
}

type Props = Readonly<{ tabs: readonly WorkspaceTab[]; tab: WorkspaceTab; onTab: (tab: WorkspaceTab) => void }>

export function TabBar({ tabs, tab, onTab }: Props) {
  const { content, check } = useWorkspace()
  const list = useRef<HTMLDivElement>(null)
  const errors = new Set(check?.findings.filter(({ severity }) => severity === 'error').map(({ path }) => tabOf(path)))
  const step = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const next = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length]
    if (by === 0 || !next) return
    event.preventDefault()
    onTab(next)
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus()
  }
  return (
    <div className={classes.tabs}>
      <div className={classes.list} role="tablist" aria-label="Parts of the agent" ref={list} onKeyDown={step}>
        {tabs.map((one) => (
          <button
            key={one}
            id={`tab-${one}`}
            type="button"
            role="tab"
            className={classes.tab}
            aria-selected={one === tab}
            aria-controls={one === tab ? `panel-${one}` : undefined}
            tabIndex={one === tab ? 0 : -1}
            onClick={() => onTab(one)}
          >
            {NAMES[one]}
            {one === 'output' && <span className={classes.number}> {readFields(content).length}</span>}
            {errors.has(one) && (
              <span className={classes.bad} role="img" aria-label="has problems">
                {' '}
                •
              </span>
            )}
          </button>
        ))}
      </div>
      <div className={classes.status}>
        <TokenCount />
        <ProblemsButton />
      </div>
    </div>
  )
}
