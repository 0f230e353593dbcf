import type { SessionPool } from '../runtime/session-pool.ts'

/** A call that begins has the machine for itself; what replaces its process one day can start a little later. */
const AFTER_MS = 4000

/** Keeps a process in reserve while calls in rooms go on. */
export function createSpareKeeper(pool: Pick<SessionPool, 'keepSpare'>) {
  let timer: NodeJS.Timeout | undefined
  let kept = false
  return {
    wanted(isWanted: boolean): void {
      if (isWanted && !kept) timer ??= setTimeout(() => pool.keepSpare((kept = true)), AFTER_MS).unref()
      if (isWanted) return
      clearTimeout(timer)
      timer = undefined
      if (kept) pool.keepSpare((kept = false))
    },
  }
}
