import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { StudioError } from '../../../core/contract/errors.ts'
import type { ChangeFeed, TenantFeedEntry } from '../../../core/store/change-feed.ts'

export type FollowOptions = Readonly<{
  feed: Pick<ChangeFeed, 'sinceAll' | 'watch'>
  /** In order, none left out. */
  onEntries: (entries: readonly TenantFeedEntry[]) => void | Promise<void>
  /** What was committed before now is not known: it is the beginning, or the store no longer has it. */
  onGap: () => void | Promise<void>
  log: Logger
}>

/** `begun`: it is known from where on; rejects never. */
export type Follower = Readonly<{ begun: Promise<void>; close: () => Promise<void> }>

const PAGE = 500
const AGAIN_MS = 250
const LONGEST_MS = 1_000
/** What a store that answers needs for a page; one that hangs is not waited for. */
const CLOSE_MS = 500

/** Reads the feed whenever it says so, from where it was before, also after the store was away. */
export function followChanges({ feed, onEntries, onGap, log }: FollowOptions): Follower {
  const ending = new AbortController()
  const { signal } = ending
  let token: string | undefined
  let wanted = false
  let wake: (() => void) | undefined
  const heard = () => {
    wanted = true
    wake?.()
  }
  let begin: () => void
  const begun = new Promise<void>((resolve) => (begin = resolve))

  async function read(): Promise<void> {
    if (token === undefined) {
      token = (await feed.sinceAll(undefined, 1)).token
      await onGap()
      begin()
    }
    for (;;) {
      const page = await feed.sinceAll(token, PAGE)
      if (page.entries.length > 0) await onEntries(page.entries)
      token = page.token
      if (page.entries.length < PAGE || signal.aborted) return
    }
  }

  async function run(): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      wanted = false
      try {
        await read()
        if (failures > 0) log.info('changes of the store are followed again')
        failures = 0
      } catch (cause) {
        if (signal.aborted) return
        if (failures === 0) log.warn({ err: cause }, 'changes of the store cannot be followed; trying again')
        failures += 1
        if (cause instanceof StudioError && cause.code === 'malformed') token = undefined
        await sleep(Math.min(LONGEST_MS, AGAIN_MS * failures), undefined, { signal }).catch(() => undefined)
        continue
      }
      if (!wanted && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  const stop = feed.watch(heard)
  const running = run()
  return {
    begun,
    close: async () => {
      ending.abort()
      stop()
      heard()
      const hangs = new AbortController()
      const late = sleep(CLOSE_MS, undefined, { signal: hangs.signal }).catch(() => undefined)
      await Promise.race([running, late]).finally(() => hangs.abort())
    },
  }
}
