import type { WorkspaceTab } from '../../client/address.ts'
import { Tabs } from '../../ui/tabs.tsx'
import { readFields } from '../output/field-rows.ts'
import { rawTools } from '../tools/tool-rows.ts'
import { ProblemsButton } from './problems-button.tsx'
import { tabOf } from './finding-place.ts'
import { TokenCount } from './token-count.tsx'
import { useWorkspace } from './workspace-context.ts'
import classes from './workspace.module.css'

const NAMES: Readonly<Record<WorkspaceTab, string>> = {
  prompt: 'Prompt',
  output: 'Output',
  voice: 'Voice & models',
  tools: 'Tools',
  routing: 'Routing',
  versions: 'Versions',
  call: 'Call',
}

type Props = Readonly<{ tabs: readonly WorkspaceTab[]; tab: WorkspaceTab; onTab: (tab: WorkspaceTab) => void }>

export function TabBar({ tabs, tab, onTab }: Props) {
  const { content, check } = useWorkspace()
  const errors = new Set(check?.findings.filter(({ severity }) => severity === 'error').map(({ path }) => tabOf(path)))
  const nameOf = (id: WorkspaceTab) => (
    <>
      {NAMES[id]}
      {id === 'output' && <span className={classes.number}> {readFields(content).length}</span>}
      {id === 'tools' && rawTools(content).length > 0 && <span className={classes.number}> {rawTools(content).length}</span>}
      {errors.has(id) && (
        <span className={classes.bad} role="img" aria-label="has problems">
          {' '}
          •
        </span>
      )}
    </>
  )
  return (
    <div className={classes.tabs}>
      <Tabs label="Parts of the agent" tabs={tabs.map((id) => ({ id, name: nameOf(id) }))} tab={tab} onTab={onTab} />
      <div className={classes.status}>
        <TokenCount />
        <ProblemsButton />
      </div>
    </div>
  )
}
