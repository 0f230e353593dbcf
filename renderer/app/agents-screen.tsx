import { Button, Drawer } from '@mantine/core'
import { lazy, Suspense, useCallback, useEffect, type ReactNode } from 'react'
import type { AgentDocument } from '../../core/agent/document.ts'
import type { StudioEvent } from '../../core/contract/index.ts'
import { useAgents, useLibrary } from '../agents/agents-context.tsx'
import { agentsByName } from '../agents/agent-state.ts'
import { useDialogs } from '../agents/dialogs-context.tsx'
import { Library } from '../agents/library.tsx'
import { NewAgentMenu } from '../agents/new-agent-menu.tsx'
import { useAgentCommands } from '../agents/use-agent-commands.tsx'
import type { DocumentCheck } from '../agents/workspace/check-document.ts'
import { useSaveAgent } from '../agents/workspace/use-save-agent.ts'
import { useDocumentCheck } from '../agents/workspace/use-document-check.ts'
import { Workspace } from '../agents/workspace/workspace.tsx'
import type { WorkspaceTab } from '../client/address.ts'
import { navigate } from '../client/route.ts'
import { useStudioEvent } from '../client/studio-context.tsx'
import { useUiState } from '../client/settings-context.tsx'
import { Empty } from '../ui/empty.tsx'
import { Panel, ResizableGroup, ResizeHandle } from '../ui/resizable.tsx'
import { useEarlyKeys } from '../ui/use-early-keys.ts'
import { useWindowWidth } from '../ui/window-width.ts'
import { useLibraryDrawer } from './library-drawer.ts'
import classes from './app.module.css'

// Not needed to read and type: they come right after.
const CallPanel = lazy(async () => ({ default: (await import('../calls/call-panel.tsx')).CallPanel }))
const RecentCalls = lazy(async () => ({ default: (await import('../calls/recent-calls.tsx')).RecentCalls }))

/** Below this the library folds to the rail, and below the second the call panel becomes a tab. */
const FOLD_LIBRARY = 1280
const FOLD_CALL = 1100
const EDITOR_MIN = 560

const isText = (value: unknown): value is string => typeof value === 'string'

export function AgentsScreen({ agent_id, tab }: { agent_id: string | undefined; tab: WorkspaceTab }) {
  const width = useWindowWidth()
  const [last, setLast] = useUiState('agent.last', '', isText)
  const drawer = useLibraryDrawer()
  const open = useCallback(
    (id: string) => {
      drawer.close()
      navigate({ screen: 'agents', agent_id: id, tab: tab === 'call' ? 'prompt' : tab })
    },
    [drawer, tab],
  )
  useEffect(() => {
    if (agent_id && agent_id !== last) setLast(agent_id)
  }, [agent_id, last, setLast])
  useOpenSomething(agent_id, last)
  useLeaveDeleted(agent_id)

  const wide = width >= FOLD_LIBRARY
  const docked = width >= FOLD_CALL
  useEffect(() => {
    if (docked && agent_id && tab === 'call') navigate({ screen: 'agents', agent_id, tab: 'prompt' }, 'replace')
  }, [docked, agent_id, tab])
  const { draft } = useAgents()
  const check = useDocumentCheck(agent_id === undefined ? undefined : draft(agent_id))
  const missing = useLibrary(
    ({ status, byId }) => status === 'complete' && agent_id !== undefined && byId[agent_id] === undefined,
  )
  const call = agent_id && !missing && <Call agent_id={agent_id} document={check?.document} />
  const side = <Side agent_id={agent_id} onOpen={open} />
  return (
    <>
      <ResizableGroup
        key={`${wide} ${docked}`}
        id={wide ? 'agents-wide' : docked ? 'agents' : 'agents-narrow'}
        orientation="horizontal"
      >
        {wide && (
          <Panel id="library" minSize={180} maxSize={420} defaultSize={240} groupResizeBehavior="preserve-pixel-size">
            {side}
          </Panel>
        )}
        {wide && <ResizeHandle label="Resize the list of agents" />}
        <Panel id="workspace" minSize={EDITOR_MIN}>
          {agent_id ? (
            <OpenAgent key={agent_id} agent_id={agent_id} tab={tab} check={check} call={docked ? undefined : call} />
          ) : (
            <NothingOpen onOpen={open} />
          )}
        </Panel>
        {docked && call && <ResizeHandle label="Resize the call panel" />}
        {docked && call && (
          <Panel id="call" minSize={340} maxSize={720} defaultSize={452} groupResizeBehavior="preserve-pixel-size">
            {call}
          </Panel>
        )}
      </ResizableGroup>
      {!wide && (
        <Drawer
          opened={drawer.opened}
          onClose={drawer.close}
          size={300}
          withCloseButton={false}
          title="Agents"
          classNames={{ body: classes.drawer ?? '', header: 'visually-hidden' }}
        >
          {side}
        </Drawer>
      )}
    </>
  )
}

function Side({ agent_id, onOpen }: { agent_id: string | undefined; onOpen: (agent_id: string) => void }) {
  const { importBundle } = useDialogs()
  return (
    <div className={classes.side}>
      <div className={classes.sideAgents}>
        <Library current={agent_id} onOpen={onOpen} onImport={importBundle} />
      </div>
      <div className={classes.sideCalls}>
        <Suspense>
          <RecentCalls onOpen={(session_id) => navigate({ screen: 'calls', session_id })} />
        </Suspense>
      </div>
    </div>
  )
}

type OpenProps = Readonly<{ agent_id: string; tab: WorkspaceTab; check: DocumentCheck | undefined; call: ReactNode }>

function OpenAgent({ agent_id, tab, check, call }: OpenProps) {
  const onTab = useCallback((next: WorkspaceTab) => navigate({ screen: 'agents', agent_id, tab: next }, 'replace'), [agent_id])
  return (
    <Workspace
      agent_id={agent_id}
      tab={tab}
      check={check}
      onTab={onTab}
      onGone={() => navigate({ screen: 'agents', tab: 'prompt' })}
      call={call}
    />
  )
}

/** The call panel gets the document as a call would use it, and a way to save first. */
function Call({ agent_id, document }: { agent_id: string; document: AgentDocument | undefined }) {
  const name = useLibrary(({ byId }) => byId[agent_id]?.name)
  const { save } = useSaveAgent(agent_id)
  useEarlyKeys('mod+Enter mod+.')
  return (
    <div className={classes.call}>
      <Suspense>
        <CallPanel
          agent_id={agent_id}
          agent_name={name ?? agent_id}
          document={document}
          ensureSaved={save}
          onOpenModels={() => navigate({ screen: 'agents', agent_id, tab: 'voice' })}
        />
      </Suspense>
    </div>
  )
}

/** An agent that is deleted, here or elsewhere, makes room for another one. */
function useLeaveDeleted(agent_id: string | undefined) {
  const leave = useCallback(
    (event: StudioEvent) => {
      if (event.type === 'agent.deleted' && event.agent_id === agent_id) navigate({ screen: 'agents', tab: 'prompt' }, 'replace')
    },
    [agent_id],
  )
  useStudioEvent(leave)
}

/** Without an agent in the address, the one that was open last is opened, else the first. */
function useOpenSomething(agent_id: string | undefined, last: string) {
  const { library } = useAgents()
  const status = useLibrary((state) => state.status)
  useEffect(() => {
    if (agent_id || status === 'loading') return
    const state = library.store.getState()
    const next = state.byId[last] ?? agentsByName(state)[0]
    if (next) navigate({ screen: 'agents', agent_id: next.agent_id, tab: 'prompt' }, 'replace')
  }, [agent_id, last, status, library])
}

function NothingOpen({ onOpen }: { onOpen: (agent_id: string) => void }) {
  const status = useLibrary((state) => state.status)
  const commands = useAgentCommands(onOpen)
  const { importBundle } = useDialogs()
  if (status === 'loading') return null
  return (
    <Empty
      title="Make your first agent"
      hint="An agent is a prompt, a table of output fields and a voice. Start from a sample and talk to it within a minute; nothing needs an account or a key."
      action={
        <>
          <NewAgentMenu commands={commands} current={undefined} full />
          <Button onClick={importBundle}>Import a bundle…</Button>
        </>
      }
    />
  )
}
