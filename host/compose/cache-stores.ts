import { createSoundDocuments } from '../stores/cached/sound-documents.ts'
import { withCache, type CachedStores } from '../stores/cached/with-cache.ts'
import type { Base } from './base.ts'
import type { OpenedStores } from './open-stores.ts'

export type ServerStores = OpenedStores & Pick<CachedStores, 'onLate'>
type Caching = Pick<Base, 'log' | 'clock' | 'closing'>

/** As a server uses them: what is asked again and again is remembered until it changes, and a store that is away ends no call. */
export async function cacheStores(opened: OpenedStores, { log, clock, closing }: Caching): Promise<ServerStores> {
  const health = await opened.health()
  // Who has opened it closes it.
  const cached = withCache(
    { ...opened, close: async () => undefined },
    {
      ...{ log, clock, opened: health, sound: createSoundDocuments(opened.store.agents) },
      redis_url: process.env['REDIS_URL'] || undefined,
    },
  )
  closing.add(cached.close)
  // What is said of it at the start is true then.
  await cached.settled
  return { ...opened, ...cached, close: opened.close }
}
