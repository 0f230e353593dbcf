import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core'
import { IconCopy, IconFile, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useOperation } from '../client/use-operation.ts'
import { ErrorNote } from '../ui/error-note.tsx'
import { useLibrary } from './agents-context.tsx'
import type { AgentCommands } from './use-agent-commands.tsx'
import classes from './new-agent-menu.module.css'

type Props = Readonly<{
  commands: AgentCommands
  current: string | undefined
  /** A button with words instead of a plus. */ full?: boolean
}>

export function NewAgentMenu({ commands, current, full = false }: Props) {
  const [opened, setOpened] = useState(false)
  const { value, error, reload } = useOperation('agent.samples', opened ? {} : undefined)
  const open = useLibrary(({ byId }) => (current ? byId[current] : undefined))
  return (
    <Menu width={320} position="bottom-end" opened={opened} onChange={setOpened}>
      <Menu.Target>
        {full ? (
          <Button variant="filled">New agent</Button>
        ) : (
          <ActionIcon aria-label="New agent">
            <Tooltip label="New agent">
              <IconPlus size={16} />
            </Tooltip>
          </ActionIcon>
        )}
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>From a sample</Menu.Label>
        {error && <ErrorNote error={error} onRetry={reload} />}
        {value?.samples.map((sample) => (
          <Menu.Item key={sample.sample_id} onClick={() => commands.createFromSample(sample)}>
            <span className={classes.name}>
              {sample.name} <span className={classes.count}>{sample.field_count} fields</span>
            </span>
            <span className={classes.hint}>{sample.description}</span>
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconFile size={14} />} onClick={commands.createBlank}>
          Blank agent
        </Menu.Item>
        {open && (
          <Menu.Item leftSection={<IconCopy size={14} />} onClick={() => commands.duplicate(open)}>
            Duplicate of {open.name}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
