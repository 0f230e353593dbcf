import type { StoreHealth } from '../../../core/store/stores.ts'
import { StudioError } from '../../../core/contract/errors.ts'
import type { StoreGuard } from './store-guard.ts'

type HealthDeps = Readonly<{
  health: () => Promise<StoreHealth>
  opened: StoreHealth
  guard: StoreGuard
  clock: () => number
  notes: () => readonly string[]
}>

const WITHIN_MS = 2_000
const WORSE = ['ok', 'slow', 'down'] as const

/** What the store says of itself, and what its questions have shown: the worse of both. */
export function cachedHealth({ health, opened, guard, clock, notes }: HealthDeps): () => Promise<StoreHealth> {
  let last = opened
  async function ask(): Promise<StoreHealth> {
    const told = await health()
    // What it says of itself counts as an answer, or as none.
    if (told.state !== 'down') return told
    last = told
    throw new StudioError('unavailable', told.reason ?? 'It does not answer.', 'Look whether it runs.')
  }
  return async () => {
    try {
      last = await guard.ask(ask, { within_ms: WITHIN_MS, eager: true })
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : 'It does not answer.'
      if (last.state !== 'down') last = { ...last, state: 'down', since: clock(), reason }
    }
    const { state, since, reason } = guard.state()
    const isWorse = WORSE.indexOf(state) > WORSE.indexOf(last.state)
    const { reason: theirs, ...told } = last
    const why = isWorse ? reason : theirs
    return {
      ...told,
      ...(isWorse && { state, since }),
      ...(why !== undefined && { reason: why }),
      notes: [...last.notes, ...notes()],
    }
  }
}
