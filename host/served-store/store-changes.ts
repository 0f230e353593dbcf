import type { OutputOf } from '../../core/contract/index.ts'
import type { Stores } from '../../core/store/stores.ts'
import { deferred } from '../runtime/deferred.ts'

type Since = Readonly<{ token: string; instance: string; commands: number }>
type Answer = OutputOf<'store.wait'>

/** Answers when there is something new for another Greenroom. */
export type StoreChanges = Readonly<{
  wait: (since: Since | undefined, until: AbortSignal) => Promise<Answer>
  close: () => void
}>

export function createStoreChanges({ store, commands }: Pick<Stores, 'store' | 'commands'>, instance: string): StoreChanges {
  /** Something was asked of sessions; counted, so that nobody misses it between two questions. */
  let asked = 0
  const waiting = new Set<() => void>()
  const tell = () => {
    for (const one of [...waiting]) one()
  }
  const stops = [
    store.feed.watch(tell),
    commands.watch?.(() => {
      asked += 1
      tell()
    }),
  ]

  async function look({ token, instance: of, commands: known }: Since): Promise<Answer | undefined> {
    const isOther = of !== instance
    const page = await store.feed.sinceAll(token, 1000)
    if (page.entries.length === 0 && !isOther && known === asked) return undefined
    return { token: page.token, instance, commands: asked, changed: page.entries.length > 0, asked: isOther || known !== asked }
  }

  return {
    wait: async (since, until) => {
      if (!since) {
        const { token } = await store.feed.sinceAll(undefined, 1)
        return { token, instance, commands: asked, changed: false, asked: false }
      }
      const late = new Promise<void>((resolve) => until.addEventListener('abort', () => resolve(), { once: true }))
      let heard = deferred<void>()
      const listen = () => heard.resolve()
      waiting.add(listen)
      try {
        for (;;) {
          // Listened before it is looked, so that nothing falls between.
          heard = deferred<void>()
          const found = await look(since)
          if (found) return found
          if (until.aborted) return { ...since, instance, commands: asked, changed: false, asked: false }
          await Promise.race([heard.promise, late])
        }
      } finally {
        waiting.delete(listen)
      }
    },
    close: () => {
      for (const stop of stops) stop?.()
    },
  }
}
