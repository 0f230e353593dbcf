import { Button } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { useDraft, useLibrary } from '../agents/agents-context.tsx'
import { useDialogs } from '../agents/dialogs-context.tsx'
import { isUnsaved } from '../agents/draft.ts'
import { nextVersions } from '../agents/versions/next-version.ts'
import { useSaveAgent } from '../agents/workspace/use-save-agent.ts'
import { formatRoute, type Route, type WorkspaceTab } from '../client/address.ts'
import { MODELS_TAB_NAMES } from '../models/models-tab-names.ts'
import { useConnection } from '../client/studio-context.tsx'
import { Keys } from '../ui/keys.tsx'
import { OfflineBadge } from '../ui/offline-badge.tsx'
import { useShortcut } from '../ui/shortcuts.ts'
import { saveState } from './save-state.ts'
import classes from './app.module.css'

const SCREENS = { agents: 'Agents', calls: 'Calls', models: 'Models & keys', settings: 'Settings' } as const
const TABS: Readonly<Record<WorkspaceTab, string>> = {
  prompt: 'Prompt',
  output: 'Output',
  voice: 'Voice & models',
  tools: 'Tools',
  routing: 'Routing',
  versions: 'Versions',
  call: 'Call',
}

export const Header = ({ route, onPalette }: { route: Route; onPalette: () => void }) => (
  <header className={classes.header}>
    <div className={classes.where}>
      <span className={classes.brand}>Greenroom</span>
      <Breadcrumb route={route} />
    </div>
    <button type="button" className={classes.search} onClick={onPalette}>
      <span>Find agents, calls, commands</span>
      <Keys keys="mod+k" />
    </button>
    <div className={classes.actions}>
      <OfflineBadge short />
      {route.screen === 'agents' && route.agent_id && <AgentActions key={route.agent_id} agent_id={route.agent_id} />}
    </div>
  </header>
)

function Breadcrumb({ route }: { route: Route }) {
  const name = useLibrary(({ byId }) =>
    route.screen === 'agents' && route.agent_id ? (byId[route.agent_id]?.name ?? route.agent_id) : undefined,
  )
  const tail =
    route.screen === 'agents' && route.agent_id
      ? [name, TABS[route.tab]]
      : route.screen === 'calls' && route.session_id
        ? ['One call']
        : route.screen === 'calls' && route.watch
          ? ['Watched room']
          : route.screen === 'models' && route.tab
            ? [MODELS_TAB_NAMES[route.tab]]
            : route.screen === 'settings' && route.part
              ? ['LiveKit']
              : []
  const top = route.screen === 'agents' ? formatRoute(route) : formatRoute({ screen: route.screen })
  const title = [...tail.slice(0, 1), SCREENS[route.screen]].join(' · ')
  useDocumentTitle(`${title} · Greenroom`)
  return (
    <nav className={classes.crumbs} aria-label="Where you are">
      {(route.screen === 'agents' || route.screen === 'calls') && <h1 className="visually-hidden">{title}</h1>}
      <ol>
        <li>
          <a href={top}>{SCREENS[route.screen]}</a>
        </li>
        {tail.map((part) => (
          <li key={part}>{part}</li>
        ))}
      </ol>
    </nav>
  )
}

function AgentActions({ agent_id }: { agent_id: string }) {
  const state = useDraft(agent_id, (all) => all)
  const connection = useConnection()
  const summary = useLibrary(({ byId }) => byId[agent_id])
  const { save } = useSaveAgent(agent_id)
  const { publish } = useDialogs()
  useShortcut('mod+s', 'Save the agent', () => void save())
  if (!state.draft) return null
  const { text, tone } = saveState(state, connection)
  const unsaved = isUnsaved(state.draft)
  const canPublish = !state.draft.read_only && (unsaved || summary?.unpublished !== false)
  return (
    <>
      <span className={classes.saveState} data-tone={tone} role="status" title={text}>
        {text}
      </span>
      {unsaved && (
        <Button loading={state.saving} disabled={state.draft.theirs !== undefined} onClick={() => void save()}>
          Save
        </Button>
      )}
      <Button
        disabled={!canPublish}
        onClick={() => summary && publish(summary)}
        title={canPublish ? undefined : `${summary?.version ?? ''} is published and nothing has changed`}
      >
        Publish {canPublish ? nextVersions(summary?.version).minor : summary?.version}…
      </Button>
    </>
  )
}
