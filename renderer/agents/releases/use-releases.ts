import { useState } from 'react'
import type { StudioError } from '../../../core/contract/errors.ts'
import type { AgentId } from '../../../core/contract/index.ts'
import type { Release } from '../../../core/contract/releases.ts'
import { useOperation } from '../../client/use-operation.ts'

export type Releases = Readonly<{
  /** Newest first; undefined until they are here. */
  list: readonly Release[] | undefined
  error: StudioError | undefined
  reload: () => void
  older: (() => void) | undefined
}>

const EVENTS = ['release.changed', 'agent.changed'] as const
const PAGE = 20
const MOST = 500

/** The releases of an agent, kept as they are while they change. */
export function useReleases(agent_id: AgentId): Releases {
  const [limit, setLimit] = useState(PAGE)
  const { value, error, reload } = useOperation('release.list', { agent_id, limit }, EVENTS)
  // While more are asked for, those that are here stay.
  const [last, setLast] = useState(value?.releases)
  if (value && value.releases !== last) setLast(value.releases)
  const more = value && value.count > limit && limit < MOST
  return {
    list: value?.releases ?? (last?.[0]?.agent_id === agent_id ? last : undefined),
    error: value ? undefined : error,
    reload,
    older: more ? () => setLimit((now) => Math.min(now * 5, MOST)) : undefined,
  }
}
