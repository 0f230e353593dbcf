import type { ChangeFeed } from '../../core/store/change-feed.ts'

const PAGE = 500
/** While the store does not answer. */
const AGAIN_MS = 1_000

/**
 * Tells when something of these kinds was committed, by whichever instance; also whenever it cannot know. Returns how to stop.
 */
export function followFeed(
  feed: Pick<ChangeFeed, 'sinceAll' | 'watch'>,
  kinds: ReadonlySet<string>,
  onChange: () => void,
): () => void {
  let token: string | undefined
  let reading = false
  let again = false
  let closed = false
  let timer: NodeJS.Timeout | undefined

  async function readAll(): Promise<void> {
    for (;;) {
      const isFirst = token === undefined
      const { entries, token: next } = await feed.sinceAll(token, PAGE)
      token = next
      // What came before the first word of the feed is not in it.
      if (isFirst || entries.some(({ kind }) => kinds.has(kind))) onChange()
      if (entries.length < PAGE) return
    }
  }
  async function read(): Promise<void> {
    if (closed) return
    if (reading) return void (again = true)
    reading = true
    try {
      do {
        again = false
        await readAll()
      } while (again && !closed)
    } catch {
      // Nothing can be known now: what is remembered may be of before.
      onChange()
      clearTimeout(timer)
      if (!closed) timer = setTimeout(() => void read(), AGAIN_MS).unref()
    } finally {
      reading = false
    }
  }
  const stop = feed.watch(() => void read())
  void read()
  return () => {
    closed = true
    clearTimeout(timer)
    stop()
  }
}
