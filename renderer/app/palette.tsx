import '@mantine/spotlight/styles.css'
import { createSpotlight, Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight'
import { useDebouncedValue } from '@mantine/hooks'
import { useContext, useEffect, useMemo, useState } from 'react'
import { agentsByName, searchAgents } from '../agents/agent-state.ts'
import { useAgents, useLibrary } from '../agents/agents-context.tsx'
import { useDialogs } from '../agents/dialogs-context.tsx'
import { useAgentCommands } from '../agents/use-agent-commands.tsx'
import { WORKSPACE_TABS, type Route } from '../client/address.ts'
import { navigate, useRoute } from '../client/route.ts'
import { useSettings } from '../client/settings-context.tsx'
import { useOperation } from '../client/use-operation.ts'
import { formatMoment } from '../ui/format.ts'
import { Keys } from '../ui/keys.tsx'
import { ShortcutContext } from '../ui/shortcuts.ts'
import { useMachineCommands } from './use-machine-commands.ts'
import { matchCommands, type PaletteCommand } from './palette-commands.ts'
import classes from './palette.module.css'

/** Without a query the commands must not lie below a long list of agents. */
const MOST_AGENTS = { unasked: 4, asked: 8 }
const open = (agent_id: string) => navigate({ screen: 'agents', agent_id, tab: 'prompt' })

/** One box over agents, calls and commands. */
export function Palette({ asked, onHelp }: { asked: number; onHelp: () => void }) {
  const [[store, actions]] = useState(createSpotlight)
  const [query, setQuery] = useState('')
  const [text] = useDebouncedValue(query.trim(), 120)
  const library = useLibrary((state) => state)
  const { value } = useOperation('session.list', { limit: 6, ...(text ? { q: text } : {}) })
  const commands = useCommands(onHelp)
  useEffect(() => actions.open(), [asked, actions])

  const groups = useMemo<SpotlightActionGroupData[]>(() => {
    const agents = searchAgents(agentsByName(library), query).slice(0, query.trim() ? MOST_AGENTS.asked : MOST_AGENTS.unasked)
    return [
      {
        group: 'Agents',
        actions: agents.map(({ agent_id, name, description }) => ({
          id: `agent ${agent_id}`,
          label: name,
          description: description ? `${agent_id} · ${description}` : agent_id,
          onClick: () => open(agent_id),
        })),
      },
      {
        group: 'Commands',
        actions: matchCommands(commands, query).map(({ id, label, keys, run }) => ({
          id: `command ${id}`,
          label,
          ...(keys ? { rightSection: <Keys keys={keys} /> } : {}),
          onClick: run,
        })),
      },
      {
        group: 'Calls',
        actions: (value?.sessions ?? []).map(({ session_id, agent_name, started_at, preview }) => ({
          id: `call ${session_id}`,
          label: `${agent_name}, ${formatMoment(started_at)}`,
          description: preview || 'nothing was said',
          onClick: () => navigate({ screen: 'calls', session_id }),
        })),
      },
    ].filter(({ actions: found }) => found.length > 0)
  }, [library, query, commands, value])

  return (
    <Spotlight
      store={store}
      shortcut={null}
      actions={groups}
      // Found above, each kind in its own way.
      filter={(_, all) => all}
      query={query}
      onQueryChange={setQuery}
      scrollable
      overlayProps={{ blur: 0, backgroundOpacity: 0.5 }}
      attributes={{ content: { 'aria-label': 'Find agents, calls, commands' } }}
      maxHeight={420}
      scrollAreaProps={{ scrollbars: 'y' }}
      classNames={{
        content: classes.content ?? '',
        action: classes.action ?? '',
        actionBody: classes.body ?? '',
        actionLabel: classes.label ?? '',
        actionDescription: classes.description ?? '',
      }}
      nothingFound="Nothing like that. Names, ids, tags, words said in calls, and commands are searched."
      searchProps={{ placeholder: 'Find agents, calls, commands', 'aria-label': 'Find agents, calls, commands' }}
    />
  )
}

function useCommands(onHelp: () => void): readonly PaletteCommand[] {
  const route = useRoute()
  const dialogs = useDialogs()
  const { library } = useAgents()
  const { settings, change } = useSettings()
  const agentCommands = useAgentCommands(open)
  const machine = useMachineCommands()
  const shortcuts = useContext(ShortcutContext)
  return useMemo(() => {
    const go = (id: string, label: string, target: Route): PaletteCommand => ({ id, label, run: () => navigate(target) })
    const agent_id = route.screen === 'agents' ? route.agent_id : undefined
    const agent = agent_id ? library.store.getState().byId[agent_id] : undefined
    const press = (keys: string) => () =>
      shortcuts
        ?.list()
        .find((one) => one.keys === keys)
        ?.handler()
    const themes = (['system', 'dark', 'light'] as const).filter((one) => one !== settings.theme)
    return [
      { id: 'new', label: 'New blank agent', run: agentCommands.createBlank },
      { id: 'import', label: 'Import a bundle…', run: dialogs.importBundle },
      ...(agent && agent_id
        ? [
            { id: 'save', label: `Save ${agent.name}`, keys: 'mod+s', run: press('mod+s') },
            { id: 'call', label: `Start or stop the call with ${agent.name}`, keys: 'mod+Enter', run: press('mod+Enter') },
            { id: 'input', label: 'Switch between microphone and text', keys: 'mod+.', run: press('mod+.') },
            { id: 'publish', label: `Publish ${agent.name}…`, run: () => dialogs.publish(agent) },
            { id: 'rename', label: `Rename ${agent.name}`, keys: 'F2', run: press('F2') },
            { id: 'duplicate', label: `Duplicate ${agent.name}`, run: () => agentCommands.duplicate(agent) },
            { id: 'export', label: `Export ${agent.name}…`, run: () => dialogs.exportBundle(agent) },
            { id: 'delete', label: `Delete ${agent.name}`, run: () => agentCommands.remove(agent) },
            ...WORKSPACE_TABS.filter((tab) => tab !== 'call').map((tab) =>
              go(`tab ${tab}`, `Go to ${tab === 'voice' ? 'voice & models' : tab}`, { screen: 'agents', agent_id, tab }),
            ),
          ]
        : []),
      go('agents', 'Go to agents', { screen: 'agents', tab: 'prompt' }),
      go('calls', 'Go to calls', { screen: 'calls' }),
      go('models', 'Go to models & keys', { screen: 'models' }),
      go('settings', 'Go to settings', { screen: 'settings' }),
      ...machine,
      ...themes.map((theme) => ({
        id: `theme ${theme}`,
        label: `Theme: ${theme}`,
        run: () => void change({ theme }).catch(() => undefined),
      })),
      { id: 'help', label: 'Show the shortcuts', keys: '?', run: onHelp },
    ]
  }, [route, library, dialogs, agentCommands, machine, settings.theme, change, shortcuts, onHelp])
}
