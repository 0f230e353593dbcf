import { Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import { useOperation } from '../../client/use-operation.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { countOf } from '../format.ts'
import { CallRow } from './call-row.tsx'
import type { CallListState } from './call-list-state.ts'
import type { CallList, CallQuery } from './use-call-list.ts'
import classes from './history.module.css'

type Props = Readonly<{
  calls: CallList
  query: CallQuery
  onQuery: (query: CallQuery) => void
  selected: string | undefined
  onOpen: (session_id: string) => void
}>

/** All calls: searched, narrowed to an agent, any number of them. */
export function CallListPane({ calls, query, onQuery, selected, onOpen }: Props) {
  const { list, error, reload, loadMore } = calls
  return (
    <aside className={classes.pane} aria-label="Calls">
      <div className={classes.filters}>
        <TextInput
          aria-label="Search calls"
          placeholder="Words, agent, how it ended"
          leftSection={<IconSearch size={14} />}
          value={query.q}
          maxLength={200}
          onChange={(event) => onQuery({ ...query, q: event.currentTarget.value })}
        />
        <AgentFilter agent_id={query.agent_id} onChange={(agent_id) => onQuery({ ...query, agent_id })} />
        <span className={classes.count} role="status">
          {list ? countOf(list.count, 'call') : 'Loading'}
        </span>
      </div>
      {error && <ErrorNote error={error} onRetry={reload} />}
      {list && list.sessions.length > 0 && <Rows list={list} selected={selected} onOpen={onOpen} loadMore={loadMore} />}
      {list && list.sessions.length === 0 && <p className={classes.nothing}>{emptyText(query)}</p>}
    </aside>
  )
}

const emptyText = ({ q, agent_id }: CallQuery): string => {
  if (q.trim() !== '') return `No call matches "${q.trim()}".`
  return agent_id === undefined ? 'No calls yet. Open an agent and press Start.' : 'This agent has not been called yet.'
}

const ROW_HEIGHT = 64
const LOAD_BEFORE_END = 20

function Rows({
  list,
  selected,
  onOpen,
  loadMore,
}: Pick<Props, 'selected' | 'onOpen'> & { list: CallListState; loadMore: () => void }) {
  const scroller = useRef<HTMLDivElement>(null)
  const { sessions } = list
  const rows = useVirtualizer({
    count: sessions.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  })
  const items = rows.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= sessions.length - LOAD_BEFORE_END) loadMore()
  }, [last, sessions.length, loadMore])
  return (
    <div ref={scroller} className={classes.rows} tabIndex={-1}>
      <ul className={classes.space} style={{ height: rows.getTotalSize() }}>
        {items.map(({ index, start, size }) => {
          const session = sessions[index]
          return (
            session && (
              <li key={session.session_id} className={classes.item} style={{ transform: `translateY(${start}px)`, height: size }}>
                <CallRow session={session} selected={session.session_id === selected} onOpen={onOpen} />
              </li>
            )
          )
        })}
      </ul>
    </div>
  )
}

function AgentFilter({ agent_id, onChange }: { agent_id: string | undefined; onChange: (agent_id: string | undefined) => void }) {
  const [search, setSearch] = useState('')
  const [q] = useDebouncedValue(search.trim(), 200)
  const found = useOperation('agent.list', { limit: 50, ...(q === '' ? {} : { q }) })
  const options = (found.value?.agents ?? []).map((agent) => ({ value: String(agent.agent_id), label: agent.name }))
  const shown =
    agent_id === undefined || options.some(({ value }) => value === agent_id)
      ? options
      : [{ value: agent_id, label: agent_id }, ...options]
  return (
    <Select
      aria-label="Agent"
      placeholder="All agents"
      clearable
      clearButtonProps={{ 'aria-label': 'All agents' }}
      searchable
      filter={({ options: all }) => all}
      data={shown}
      value={agent_id ?? null}
      onSearchChange={setSearch}
      onChange={(value) => onChange(value ?? undefined)}
      nothingFoundMessage="No agent with this name"
    />
  )
}
