import type { TenantFeedEntry } from '../../../core/store/change-feed.ts'

type Page = Readonly<{ entries: readonly TenantFeedEntry[]; token: string }>

/** Pages of the feed that were read here a moment ago: all parts of a host ask for the same ones, one after the other. */
export type RecentPages = Readonly<{
  add: (token: string, page: Page) => void
  find: (token: string, limit: number) => Page | undefined
}>

const MOST = 100

export function createRecentPages(): RecentPages {
  const pages = new Map<string, Page>()
  return {
    add: (token, page) => {
      if (page.entries.length === 0) return
      pages.set(token, page)
      const [oldest] = pages.keys()
      if (pages.size > MOST && oldest !== undefined) pages.delete(oldest)
    },
    find: (token, limit) => {
      const page = pages.get(token)
      return page && page.entries.length <= limit ? page : undefined
    },
  }
}
