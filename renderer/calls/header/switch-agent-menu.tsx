import { Button, Popover, SegmentedControl, Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconArrowsExchange } from '@tabler/icons-react'
import { useState } from 'react'
import type { StudioError } from '../../../core/contract/studio-error.ts'
import { toStudioError, useOperation } from '../../client/use-operation.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { toast } from '../../ui/toast.tsx'
import classes from './header.module.css'

type History = 'keep' | 'clear'
type Props = Readonly<{
  /** Who answers now. */
  agent_id: string
  agent_name: string
  onSwitch: (agent_id: string, history: History) => Promise<void>
}>

const HISTORIES = [
  { value: 'keep', label: 'Knows what was said' },
  { value: 'clear', label: 'Begins anew' },
]

/** Another agent goes on with this call, from the next turn, without a gap. */
export function SwitchAgentMenu({ agent_id, agent_name, onSwitch }: Props) {
  const [opened, setOpened] = useState(false)
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={300} trapFocus returnFocus shadow="md">
      <Popover.Target>
        <Button
          size="compact-xs"
          aria-label={`Switch agent, now ${agent_name}`}
          title="Let another agent go on with this call"
          aria-haspopup="dialog"
          aria-expanded={opened}
          rightSection={<IconArrowsExchange size={13} />}
          onClick={() => setOpened(!opened)}
        >
          {agent_name}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes.devices ?? ''} aria-label="Switch agent">
        <SwitchForm agent_id={agent_id} onSwitch={onSwitch} onDone={() => setOpened(false)} />
      </Popover.Dropdown>
    </Popover>
  )
}

function SwitchForm({ agent_id, onSwitch, onDone }: Omit<Props, 'agent_name'> & Readonly<{ onDone: () => void }>) {
  const [search, setSearch] = useState('')
  const [q] = useDebouncedValue(search.trim(), 200)
  const [chosen, setChosen] = useState<Readonly<{ value: string; label: string }>>()
  const [history, setHistory] = useState<History>('keep')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<StudioError>()
  // What is in the box is the chosen name, not a search, until somebody types.
  const wanted = q === '' || q === chosen?.label ? {} : { q }
  const found = useOperation('agent.list', { limit: 50, ...wanted })
  const others = (found.value?.agents ?? [])
    .filter((agent) => agent.agent_id !== agent_id && agent.enabled !== false)
    .map((agent) => ({ value: String(agent.agent_id), label: agent.name }))
  const data = chosen && !others.some(({ value }) => value === chosen.value) ? [chosen, ...others] : others
  const carryOut = async () => {
    if (!chosen) return
    setBusy(true)
    setError(undefined)
    try {
      await onSwitch(chosen.value, history)
      toast(`${chosen.label} answers from the next turn`)
      onDone()
    } catch (cause) {
      setError(toStudioError(cause))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      className={classes.devices}
      onSubmit={(event) => {
        event.preventDefault()
        void carryOut()
      }}
    >
      <Select
        label="Agent that goes on"
        placeholder="Choose an agent"
        searchable
        filter={({ options }) => options}
        comboboxProps={{ withinPortal: false }}
        data={[...data]}
        value={chosen?.value ?? null}
        onSearchChange={setSearch}
        onChange={(value, option) => setChosen(value === null ? undefined : { value, label: option?.label ?? value })}
        nothingFoundMessage="No other agent with this name"
      />
      <SegmentedControl
        aria-label="The conversation so far"
        size="xs"
        data={HISTORIES}
        value={history}
        onChange={(value) => setHistory(value === 'clear' ? 'clear' : 'keep')}
      />
      {error && <ErrorNote error={error} />}
      <Button type="submit" variant="filled" disabled={!chosen} loading={busy}>
        Switch
      </Button>
    </form>
  )
}
