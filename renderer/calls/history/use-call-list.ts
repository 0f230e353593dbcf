import { useCallback, useEffect, useRef, useState } from 'react'
import type { StudioError } from '../../../core/contract/errors.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { toStudioError } from '../../client/use-operation.ts'
import { NO_CALLS, withChanged, withoutCall, withPage, type CallListState } from './call-list-state.ts'

export type CallQuery = Readonly<{ q: string; agent_id: string | undefined }>
export type CallList = Readonly<{
  list: CallListState | undefined
  error: StudioError | undefined
  reload: () => void
  loadMore: () => void
}>

const PAGE = 100

/** The calls that match, page by page, and kept true by events. */
export function useCallList({ q, agent_id }: CallQuery): CallList {
  const studio = useStudio()
  const [list, setList] = useState<CallListState>()
  const [error, setError] = useState<StudioError>()
  const [round, setRound] = useState(0)
  const latest = useRef(list)
  const loading = useRef(0)
  useEffect(() => {
    latest.current = list
  }, [list])

  const ask = useCallback(
    async (from: CallListState, cursor: string | undefined) => {
      const turn = ++loading.current
      const wanted = q.trim()
      try {
        const page = await studio.call('session.list', {
          limit: PAGE,
          ...(wanted === '' ? {} : { q: wanted }),
          ...(agent_id === undefined ? {} : { agent_id }),
          ...(cursor === undefined ? {} : { cursor }),
        })
        if (turn !== loading.current) return
        setList(withPage(from, page))
        setError(undefined)
      } catch (cause) {
        if (turn === loading.current) setError(toStudioError(cause))
      }
    },
    [studio, q, agent_id],
  )

  const reload = useCallback(() => setRound((before) => before + 1), [])
  useEffect(() => void ask(NO_CALLS, undefined), [ask, round])

  useEffect(
    () =>
      studio.onEvent((event) => {
        const known = latest.current
        if (event.type === 'hello') reload()
        if (!known) return
        if (event.type === 'session.deleted') setList(withoutCall(known, event.session_id))
        if (event.type === 'session.changed') {
          if (agent_id !== undefined && event.session.agent_id !== agent_id) return
          const changed = withChanged(known, event.session, q.trim() !== '')
          if (changed) setList(changed)
          else reload()
        }
      }),
    [studio, reload, q, agent_id],
  )

  const asked = useRef('')
  const loadMore = useCallback(() => {
    const known = latest.current
    if (known?.next_cursor === undefined || asked.current === known.next_cursor) return
    asked.current = known.next_cursor
    void ask(known, known.next_cursor).finally(() => {
      asked.current = ''
    })
  }, [ask])

  return { list, error, reload, loadMore }
}
