import type { Logger } from 'pino'
import { adoptDocument, adoptRemoval, type Adopted } from './adoption.ts'
import { FOREIGN } from './agent-tables.ts'
import type { Refresh } from './agent-reads.ts'
import type { Commit } from './committer.ts'
import { isOwn, mirrorHash, toMirrorId, type MirrorDocument, type MirrorId } from './mirror-document.ts'
import type { MirrorReads } from './mirror-reads.ts'
import { SERVER } from './table.ts'
import type { TenantRows } from './tenant-rows.ts'

type Parts = Readonly<{ rows: TenantRows; mirrors: MirrorReads; commit: Commit; clock: () => number; log: Logger }>

/** Documents looked at in one go while all of them are gone through. */
const STRETCH = 200
/** A collection is emptied one document after the other: a removal counts when none has come after it for so long. */
const REMOVED_MS = 1000

export type ForeignDocuments = Readonly<{
  /** Takes in one document as it is now. */
  adopt: (id: MirrorId) => Promise<Adopted>
  /** Something was written to it, or it was removed; done in the order of arrival, and failures are logged. */
  noticed: (id: MirrorId) => void
  /** Before a read. `isTold`: the database tells of changes, so that an agent that is known need not be looked at. */
  refresh: (isTold: () => boolean) => Refresh
  /** Documents that have no mark of ours. */
  findNew: () => Promise<void>
  /** The next stretch of all documents; resolves to false after the last one. */
  lookThrough: () => Promise<boolean>
  close: () => Promise<void>
  /** What cannot be served, in words. */
  notes: () => Promise<readonly string[]>
}>

export function foreignDocuments({ rows, mirrors, commit, clock, log }: Parts): ForeignDocuments {
  let work = Promise.resolve()
  let after: MirrorId | undefined
  const removed = new Set<MirrorId>()
  let waiting: NodeJS.Timeout | undefined

  const isThere = async (id: MirrorId) => (await mirrors.byId([id])).length > 0
  const told = (id: MirrorId, adopted: Adopted): Adopted => {
    if (adopted !== 'unchanged') log.info({ document: id, adopted }, 'somebody else has written a document of an agent')
    return adopted
  }
  const adopt = async (id: MirrorId): Promise<Adopted> => told(id, await adoptDocument(commit, clock, id))
  const soon = (id: MirrorId, take: () => Promise<unknown>): void => {
    work = work.then(async () => {
      try {
        await take()
      } catch (cause) {
        log.warn({ err: cause, document: id }, 'a document of somebody else could not be taken in; it is tried again later')
      }
    })
  }
  const noticed = (id: MirrorId): void => soon(id, async () => ((await isThere(id)) ? adopt(id) : isGone(id)))
  const isGone = (id: MirrorId): void => {
    removed.add(id)
    clearTimeout(waiting)
    waiting = setTimeout(() => soon(id, takeRemovals), REMOVED_MS).unref()
  }
  const isNews = async (document: MirrorDocument): Promise<boolean> =>
    !isOwn(document) && (await rows.one(FOREIGN, SERVER, [toMirrorId(document._id)]))?.hash !== mirrorHash(document)
  /** True when there was something, whoever has taken it in meanwhile. */
  const adoptNews = async (documents: readonly MirrorDocument[]): Promise<boolean> => {
    let changed = false
    for (const document of documents) {
      if (!(await isNews(document))) continue
      await adopt(toMirrorId(document._id))
      changed = true
    }
    return changed
  }

  /**
   * A collection that was dropped or emptied is an accident: agents go on, and their documents come back with their next change. One that
   * came back already does not make it less of one.
   */
  const takeRemovals = async (): Promise<void> => {
    const gone = [...removed]
    removed.clear()
    const left = await mirrors.count()
    if (left === 0 || (gone.length > 1 && gone.length >= left)) {
      log.warn(
        { removed: gone.length, left },
        'most documents of agents were removed at once: taken for an accident, the agents go on',
      )
      return
    }
    for (const one of gone) told(one, await adoptRemoval(commit, clock, one))
  }

  return {
    adopt,
    noticed,
    refresh: (isTold) => async (agent_id, head) => {
      if (!head) return adoptNews(await mirrors.unmarked([agent_id]))
      if (isTold()) return false
      const [document] = await mirrors.byId([head.mirror_id])
      if (document) return adoptNews([document])
      if (!head.deleted) isGone(head.mirror_id)
      return false
    },
    findNew: async () => void (await adoptNews(await mirrors.unmarked(undefined, STRETCH))),
    lookThrough: async () => {
      const documents = await mirrors.after(after, STRETCH)
      await adoptNews(documents)
      const last = documents.at(-1)
      after = last && documents.length === STRETCH ? toMirrorId(last._id) : undefined
      return after !== undefined
    },
    close: () => {
      clearTimeout(waiting)
      return work
    },
    notes: async () => {
      const refused = await rows.many(FOREIGN, SERVER, { settled: false }, { limit: 5 })
      if (refused.length === 0) return []
      const count = await rows.count(FOREIGN, SERVER, { settled: false })
      const words = refused.map(({ agent_id, mirror_id, problems: [first] }) => {
        const place = first ? ` (${first.path === '' ? 'the document' : first.path} ${first.message})` : ''
        return `${agent_id === '' ? mirror_id : `"${agent_id}"`}${place}`
      })
      return [`${count} documents that other programs wrote cannot be served, the last good ones are: ${words.join(', ')}`]
    },
  }
}
