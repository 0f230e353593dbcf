import { useDebouncedValue } from '@mantine/hooks'
import { IconPhone } from '@tabler/icons-react'
import { useState } from 'react'
import type { SessionSummary } from '../../core/contract/index.ts'
import { useStudio } from '../client/studio-context.tsx'
import { useOperation } from '../client/use-operation.ts'
import { Empty } from '../ui/empty.tsx'
import { ErrorNote } from '../ui/error-note.tsx'
import { toastError, toastUndo } from '../ui/toast.tsx'
import { CallDetail, MissingCall } from './history/call-detail.tsx'
import { neighbourOf } from './history/call-list-state.ts'
import { CallListPane } from './history/call-list.tsx'
import { useCallList, type CallQuery } from './history/use-call-list.ts'
import { WatchRoom } from './watch/watch-room.tsx'
import classes from './history/history.module.css'

export type CallsScreenProps = Readonly<{
  session_id?: string | undefined
  /** A room that is watched instead. */
  watch?: Readonly<{ connection_id: string; room_name: string }> | undefined
  onOpen: (session_id: string | undefined) => void
  onOpenAgent?: ((agent_id: string) => void) | undefined
}>

/** Every call that was kept: found, opened, deleted with a way back. */
export function CallsScreen({ watch, ...props }: CallsScreenProps) {
  if (watch) return <WatchRoom key={watch.room_name} {...watch} onBack={() => props.onOpen(undefined)} />
  return <KeptCalls {...props} />
}

function KeptCalls({ session_id, onOpen, onOpenAgent }: Omit<CallsScreenProps, 'watch'>) {
  const studio = useStudio()
  const [query, setQuery] = useState<CallQuery>({ q: '', agent_id: undefined })
  const [q] = useDebouncedValue(query.q, 150)
  const calls = useCallList({ q, agent_id: query.agent_id })
  const listed = calls.list?.sessions.find((session) => session.session_id === session_id)
  // Asked for by itself only when it is not among those in the list (a link, or a page further down).
  const asked = useOperation('session.get', session_id !== undefined && calls.list && !listed ? { session_id } : undefined, [
    'session.changed',
  ])
  const session = listed ?? asked.value

  const remove = (gone: SessionSummary) => {
    const next = calls.list && neighbourOf(calls.list, gone.session_id)
    studio.call('session.delete', { session_id: gone.session_id }).then(() => {
      onOpen(next?.session_id)
      toastUndo(`Deleted the call with ${gone.agent_name}.`, () => {
        studio.call('session.undelete', { session_id: gone.session_id }).then(() => onOpen(gone.session_id), toastError)
      })
    }, toastError)
  }

  return (
    <div className={classes.screen}>
      <CallListPane calls={calls} query={query} onQuery={setQuery} selected={session_id} onOpen={onOpen} />
      {session && session.deleted_at === undefined ? (
        <CallDetail key={session.session_id} session={session} onDelete={() => remove(session)} onOpenAgent={onOpenAgent} />
      ) : (
        <div className={classes.detail}>
          {session_id === undefined && <NothingOpen any={(calls.list?.count ?? 0) > 0} />}
          {asked.error && asked.error.code !== 'not_found' && <ErrorNote error={asked.error} onRetry={asked.reload} />}
          {(asked.error?.code === 'not_found' || session?.deleted_at !== undefined) && (
            <MissingCall onBack={() => onOpen(undefined)} />
          )}
        </div>
      )}
    </div>
  )
}

const NothingOpen = ({ any }: { any: boolean }) => (
  <Empty
    icon={<IconPhone size={28} />}
    title={any ? 'No call is open' : 'No calls yet'}
    hint={
      any
        ? 'Pick one on the left to read what was said, its JSON and where the time went.'
        : 'Open an agent and press Start: every call is kept here.'
    }
  />
)
