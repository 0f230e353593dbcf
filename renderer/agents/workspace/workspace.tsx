import { lazy, Suspense, useCallback, useMemo, useState, type ReactNode } from 'react'
import { Button } from '@mantine/core'
import { WORKSPACE_TABS, type WorkspaceTab } from '../../client/address.ts'
import { Busy } from '../../ui/busy.tsx'
import { Empty } from '../../ui/empty.tsx'
import { ErrorBoundary } from '../../ui/error-boundary.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { useDraft, useDraftStore } from '../agents-context.tsx'
import { withValueAt, type JsonValue, type Path } from '../document-edit.ts'
import { PasteGuard } from '../paste/paste-guard.tsx'
import { PromptTab } from '../prompt/prompt-tab.tsx'
import { ConflictBar } from './conflict-bar.tsx'
import { findingsBelow } from './finding-place.ts'
import { TabBar } from './tab-bar.tsx'
import type { DocumentCheck } from './check-document.ts'
import { WorkspaceContext, type Workspace as WorkspaceValue } from './workspace-context.ts'
import classes from './workspace.module.css'

const OutputTab = lazy(async () => ({ default: (await import('../output/output-tab.tsx')).OutputTab }))
const VoiceTab = lazy(async () => ({ default: (await import('../voice/voice-tab.tsx')).VoiceTab }))
const ToolsTab = lazy(async () => ({ default: (await import('../tools/tools-tab.tsx')).ToolsTab }))
const RoutingTab = lazy(async () => ({ default: (await import('../routing/routing-tab.tsx')).RoutingTab }))
const VersionsTab = lazy(async () => ({ default: (await import('../versions/versions-tab.tsx')).VersionsTab }))

type Props = Readonly<{
  agent_id: string
  tab: WorkspaceTab
  check: DocumentCheck | undefined
  onTab: (tab: WorkspaceTab) => void
  onGone: () => void
  /** The call panel, when the window is too narrow to dock it. */
  call?: ReactNode
}>

/** One open agent: its tabs over one draft. */
export function Workspace({ agent_id, tab, check, onTab, onGone, call }: Props) {
  const { change, reload } = useDraftStore(agent_id)
  const draft = useDraft(agent_id, (state) => state.draft)
  const error = useDraft(agent_id, (state) => state.error)
  const set = useCallback(
    (path: Path, value: JsonValue | undefined) => change((content) => withValueAt(content, path, value)),
    [change],
  )
  const findingsAt = useCallback((pointer: string) => findingsBelow(check?.findings ?? [], pointer), [check])
  // What is typed into "Try it" outlives a look at another tab.
  const [tried, setTried] = useState(false)
  const workspace = useMemo<WorkspaceValue | undefined>(
    () =>
      draft && {
        agent_id,
        content: draft.content,
        generation: draft.generation,
        read_only: draft.read_only,
        check,
        change,
        set,
        findingsAt,
        goTo: onTab,
      },
    [agent_id, draft, check, change, set, findingsAt, onTab],
  )

  if (!workspace) {
    if (error?.code === 'not_found')
      return (
        <Empty title="This agent is not here" hint={error.message} action={<Button onClick={onGone}>Show the agents</Button>} />
      )
    return error ? (
      <ErrorNote error={error} onRetry={() => void reload()} />
    ) : (
      <Busy className={classes.loader} label="Opening the agent" />
    )
  }
  const shown = tab === 'call' && !call ? 'prompt' : tab
  if (shown === 'routing' && !tried) setTried(true)
  return (
    <WorkspaceContext value={workspace}>
      <PasteGuard className={classes.workspace}>
        <TabBar tabs={WORKSPACE_TABS.filter((one) => one !== 'call' || call !== undefined)} tab={shown} onTab={onTab} />
        <ConflictBar agent_id={agent_id} />
        {workspace.read_only && (
          <p className={classes.readOnly} role="status">
            This agent was written by a newer Greenroom. It can be read and exported, not changed: update Greenroom to edit it.
          </p>
        )}
        {error && error.code !== 'unavailable' && <ErrorNote error={error} onRetry={() => void reload()} />}
        <TabPanel tab="prompt" shown={shown} keep>
          <PromptTab key={agent_id} />
        </TabPanel>
        <TabPanel tab="output" shown={shown}>
          <OutputTab />
        </TabPanel>
        <TabPanel tab="voice" shown={shown}>
          <VoiceTab />
        </TabPanel>
        <TabPanel tab="tools" shown={shown}>
          <ToolsTab />
        </TabPanel>
        <TabPanel tab="routing" shown={shown} keep={tried}>
          <RoutingTab />
        </TabPanel>
        <TabPanel tab="versions" shown={shown}>
          <VersionsTab key={agent_id} />
        </TabPanel>
        {call && (
          <TabPanel tab="call" shown={shown} keep>
            {call}
          </TabPanel>
        )}
      </PasteGuard>
    </WorkspaceContext>
  )
}

type TabPanelProps = Readonly<{ tab: WorkspaceTab; shown: WorkspaceTab; keep?: boolean; children: ReactNode }>

const TabPanel = ({ tab, shown, keep = false, children }: TabPanelProps) =>
  tab === shown || keep ? (
    <div id={`panel-${tab}`} role="tabpanel" aria-labelledby={`tab-${tab}`} className={classes.panel} hidden={tab !== shown}>
      <ErrorBoundary place={tab}>
        <Suspense fallback={<Busy className={classes.loader} label="Loading" />}>{children}</Suspense>
      </ErrorBoundary>
    </div>
  ) : null
