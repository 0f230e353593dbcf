import { ActionIcon, Button, Skeleton, TextInput, Tooltip } from '@mantine/core'
import { IconPackageImport, IconSearch } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { Empty } from '../ui/empty.tsx'
import { ErrorNote } from '../ui/error-note.tsx'
import { agentsByName, searchAgents } from './agent-state.ts'
import { useAgents, useLibrary } from './agents-context.tsx'
import { LibraryRow } from './library-row.tsx'
import { NewAgentMenu } from './new-agent-menu.tsx'
import { useAgentCommands } from './use-agent-commands.tsx'
import classes from './library.module.css'

const ROW_HEIGHT = 50

export type LibraryProps = Readonly<{ current: string | undefined; onOpen: (agent_id: string) => void; onImport: () => void }>

/** All agents of this data folder: found by typing, opened by click or arrow keys. */
export function Library({ current, onOpen, onImport }: LibraryProps) {
  const { library } = useAgents()
  const state = useLibrary((all) => all)
  const commands = useAgentCommands(onOpen)
  const [query, setQuery] = useState('')
  const asked = useDeferredValue(query)
  const sorted = useMemo(() => agentsByName(state), [state])
  const found = useMemo(() => searchAgents(sorted, asked), [sorted, asked])
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: found.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    getItemKey: (index) => found[index]?.agent_id ?? index,
  })

  const index = found.findIndex(({ agent_id }) => agent_id === current)
  useEffect(() => {
    if (index >= 0) rows.scrollToIndex(index, { align: 'auto' })
    // Only when another agent is opened; not when the list moves under it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [current])

  const step = (by: number) => {
    const next = found[Math.min(Math.max(index + by, 0), found.length - 1)]
    if (!next) return
    onOpen(next.agent_id)
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>('[aria-current="page"]')?.focus())
  }

  return (
    <div className={classes.library}>
      <div className={classes.head}>
        <h2 className={classes.title}>
          Agents {state.status !== 'loading' && <span className={classes.count}>{sorted.length}</span>}
        </h2>
        <Tooltip label="Import a bundle (.greenroom)">
          <ActionIcon aria-label="Import a bundle" onClick={onImport}>
            <IconPackageImport size={16} />
          </ActionIcon>
        </Tooltip>
        <NewAgentMenu commands={commands} current={current} />
      </div>
      <TextInput
        className={classes.search}
        aria-label="Search agents"
        placeholder="Search agents"
        leftSection={<IconSearch size={14} />}
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setQuery('')
          if (event.key === 'ArrowDown') step(index < 0 ? 1 : 0)
          if (event.key === 'Enter' && found[0]) onOpen(found[0].agent_id)
        }}
      />
      {state.error && <ErrorNote error={state.error} onRetry={() => void library.reload()} />}
      {state.status === 'loading' && !state.error && <LibrarySkeleton />}
      {state.status === 'complete' && sorted.length === 0 && (
        <Empty
          title="No agents yet"
          hint="Start from a sample: it has a prompt, fields and a voice, and answers at once."
          action={<NewAgentMenu commands={commands} current={undefined} full />}
        />
      )}
      {sorted.length > 0 && found.length === 0 && (
        <Empty
          title={`Nothing matches “${asked}”`}
          hint="Names, ids, descriptions and tags are searched."
          action={<Button onClick={() => setQuery('')}>Clear the search</Button>}
        />
      )}
      <div
        ref={scroller}
        className={classes.scroll}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
          if (event.altKey || event.target instanceof HTMLInputElement) return
          event.preventDefault()
          step(event.key === 'ArrowDown' ? 1 : -1)
        }}
      >
        <ul className={classes.rows} style={{ height: rows.getTotalSize() }} aria-label="Agents">
          {rows.getVirtualItems().map((row) => {
            const agent = found[row.index]
            if (!agent) return null
            return (
              <li key={row.key} className={classes.item} style={{ transform: `translateY(${row.start}px)`, height: ROW_HEIGHT }}>
                <LibraryRow agent={agent} current={agent.agent_id === current} commands={commands} onOpen={onOpen} />
              </li>
            )
          })}
        </ul>
      </div>
    </div>
  )
}

const LibrarySkeleton = () => (
  <div className={classes.skeleton} aria-label="Loading agents" role="status">
    {Array.from({ length: 4 }, (_, row) => (
      <Skeleton key={row} height={36} radius={6} />
    ))}
  </div>
)
