/*
 * Threat model: the clients' collection is written by others as well, of any tenant. Nothing of it is shown before it was taken in as a
 * revision of a tenant; the queries here are of all tenants, and only adoption and the writing of our own documents use them.
 */
import type { ClientSession, Db } from 'mongodb'
import { fromMirrorId, MIRROR, type MirrorDocument, type MirrorId } from './mirror-document.ts'

export type MirrorReads = Readonly<{
  byId: (ids: readonly MirrorId[]) => Promise<readonly MirrorDocument[]>
  /** Those that nobody has taken in yet, by the name that they give themselves. */
  unmarked: (names?: readonly string[], limit?: number) => Promise<readonly MirrorDocument[]>
  /** By `_id`, all of them, a stretch at a time. */
  after: (id: MirrorId | undefined, limit: number) => Promise<readonly MirrorDocument[]>
  /** About how many there are. */
  count: () => Promise<number>
}>

export function mirrorReads(db: Db, session?: ClientSession): MirrorReads {
  const options = session ? { session } : {}
  const documents = () => db.collection<MirrorDocument>(MIRROR)
  return {
    byId: (ids) =>
      documents()
        .find({ _id: { $in: ids.map(fromMirrorId) } }, options)
        .toArray(),
    unmarked: (names, limit = 1000) =>
      documents()
        .find(
          {
            '_greenroom.hash': null,
            ...(names && { $or: [{ agent_id: { $in: names } }, { agent_id: { $exists: false }, name: { $in: names } }] }),
          },
          options,
        )
        .limit(limit)
        .toArray(),
    after: (id, limit) =>
      documents()
        .find(id === undefined ? {} : { _id: { $gt: fromMirrorId(id) } }, options)
        .sort({ _id: 1 })
        .limit(limit)
        .toArray(),
    count: () => documents().estimatedDocumentCount(),
  }
}
