import { useCallback, useEffect, useMemo, useState } from 'react'
import type { StudioError } from '../../../core/contract/errors.ts'
import type { AgentId, AgentVersion, RevisionSummary } from '../../../core/contract/index.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { toStudioError, useOperation } from '../../client/use-operation.ts'
import { useLibrary } from '../agents-context.tsx'

export type History = Readonly<{
  revisions: readonly RevisionSummary[]
  count: number
  versions: readonly AgentVersion[]
  /** Label → version. */
  labels: Readonly<Record<string, string>>
  error: StudioError | undefined
  older: (() => void) | undefined
  /** `41` or `41 = 1.2.0`. */
  nameOf: (revision: number) => string
}>

const NONE: readonly AgentVersion[] = []
const NO_LABELS = {}

/** Revisions page by page, newest first; starts again when the agent gets a new one. */
export function useHistory(agent_id: AgentId): History {
  const studio = useStudio()
  const summary = useLibrary(({ byId }) => byId[agent_id])
  const { value } = useOperation('agent.versions', { agent_id }, ['agent.changed'])
  const versions = value?.versions ?? NONE
  const [page, setPage] = useState<{ revisions: readonly RevisionSummary[]; count: number; next?: string | undefined }>({
    revisions: [],
    count: 0,
  })
  const [error, setError] = useState<StudioError>()

  const load = useCallback(
    async (cursor?: string) => {
      try {
        const answer = await studio.call('agent.revisions', { agent_id, ...(cursor ? { cursor } : {}) })
        setPage((before) => ({
          revisions: cursor ? [...before.revisions, ...answer.revisions] : answer.revisions,
          count: answer.count,
          next: answer.next_cursor,
        }))
        setError(undefined)
      } catch (cause) {
        setError(toStudioError(cause))
      }
    },
    [studio, agent_id],
  )
  useEffect(() => void load(), [load, summary?.revision])

  const nameOf = useCallback(
    (revision: number) => {
      const version = versions.find((one) => one.revision === revision)?.version
      return version ? `${revision} = ${version}` : String(revision)
    },
    [versions],
  )
  return useMemo(
    () => ({
      ...page,
      versions,
      labels: summary?.labels ?? NO_LABELS,
      error,
      older: page.next ? () => void load(page.next) : undefined,
      nameOf,
    }),
    [page, versions, summary?.labels, error, load, nameOf],
  )
}
