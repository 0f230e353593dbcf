import { ActionIcon, Menu, TextInput } from '@mantine/core'
import {
  IconCopy,
  IconDotsVertical,
  IconPackageExport,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconStar,
  IconTrash,
} from '@tabler/icons-react'
import { useState } from 'react'
import type { AgentSummary } from '../../core/contract/index.ts'
import { Badge } from '../ui/badge.tsx'
import { useShortcut } from '../ui/shortcuts.ts'
import type { AgentCommands } from './use-agent-commands.tsx'
import classes from './library.module.css'

type Props = Readonly<{ agent: AgentSummary; current: boolean; commands: AgentCommands; onOpen: (agent_id: string) => void }>

export function LibraryRow({ agent, current, commands, onOpen }: Props) {
  const [renaming, setRenaming] = useState(false)
  useShortcut('F2', 'Rename the agent', () => setRenaming(true), current)

  if (renaming) return <RenameBox agent={agent} commands={commands} onDone={() => setRenaming(false)} />
  return (
    <div className={classes.row} data-current={current} data-enabled={agent.enabled}>
      <button
        type="button"
        className={classes.open}
        aria-current={current ? 'page' : undefined}
        onClick={() => onOpen(agent.agent_id)}
        onDoubleClick={() => setRenaming(true)}
        title={agent.description || agent.name}
      >
        <span className={classes.first}>
          <span className={classes.name}>{agent.name}</span>
          {agent.unsaved && <span className={classes.dot} role="img" aria-label="unsaved changes" title="Unsaved changes" />}
          <span className={classes.state}>
            <StateBadge agent={agent} />
          </span>
        </span>
        <span className={classes.sub}>{subtitle(agent)}</span>
      </button>
      <div className={classes.side}>
        <RowMenu agent={agent} commands={commands} onRename={() => setRenaming(true)} />
      </div>
    </div>
  )
}

const subtitle = ({ agent_id, field_count, is_default, enabled }: AgentSummary): string =>
  [agent_id, is_default ? 'default' : '', enabled ? '' : 'disabled', `${field_count} ${field_count === 1 ? 'field' : 'fields'}`]
    .filter(Boolean)
    .join(' · ')

function StateBadge({ agent }: { agent: AgentSummary }) {
  if (!agent.version) return <Badge tone="plain">draft</Badge>
  if (agent.unpublished)
    return (
      <Badge tone="warn" title={`Changed since version ${agent.version}`}>
        {agent.version} +
      </Badge>
    )
  return <Badge tone="good">{agent.version}</Badge>
}

function RowMenu({ agent, commands, onRename }: { agent: AgentSummary; commands: AgentCommands; onRename: () => void }) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon size="sm" className={classes.menu ?? ''} aria-label={`Actions for ${agent.name}`}>
          <IconDotsVertical size={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={14} />} rightSection="F2" onClick={onRename}>
          Rename
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy size={14} />} onClick={() => commands.duplicate(agent)}>
          Duplicate
        </Menu.Item>
        <Menu.Item leftSection={<IconPackageExport size={14} />} onClick={() => commands.exportBundle(agent)}>
          Export…
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={agent.enabled ? <IconPlayerPause size={14} /> : <IconPlayerPlay size={14} />}
          onClick={() => commands.setEnabled(agent, !agent.enabled)}
        >
          {agent.enabled ? 'Disable' : 'Enable'}
        </Menu.Item>
        <Menu.Item leftSection={<IconStar size={14} />} disabled={agent.is_default} onClick={() => commands.makeDefault(agent)}>
          Make default
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconTrash size={14} />} color="red" onClick={() => commands.remove(agent)}>
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function RenameBox({ agent, commands, onDone }: { agent: AgentSummary; commands: AgentCommands; onDone: () => void }) {
  const [name, setName] = useState(agent.name)
  const finish = () => {
    onDone()
    if (name.trim() && name.trim() !== agent.name) commands.rename(agent, name.trim())
  }
  return (
    <div className={classes.row} data-current>
      <TextInput
        className={classes.rename ?? ''}
        aria-label={`New name for ${agent.name}`}
        value={name}
        data-autofocus
        autoFocus
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setName(event.currentTarget.value)}
        onBlur={finish}
        onKeyDown={(event) => {
          if (event.key === 'Enter') finish()
          if (event.key === 'Escape') onDone()
        }}
      />
    </div>
  )
}
