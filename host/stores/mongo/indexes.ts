import type { Db, IndexDescription } from 'mongodb'
import { KEY_KEPT_MS } from '../sql/commit-keys.ts'
import { MIRROR } from './mirror-document.ts'

const OF_TENANT = { partialFilterExpression: { t: { $type: 'string' } } } as const
const DAY_S = 24 * 60 * 60
/** Marks of removed rows are only needed while a late writer could bring the row back. */
const REMOVED: IndexDescription = { key: { removed_at: 1 }, expireAfterSeconds: DAY_S }

/** Forgets keys of commits, as `KEY_KEPT_MS` says. */
const FORGOTTEN: IndexDescription = { key: { made_at: 1 }, expireAfterSeconds: KEY_KEPT_MS / 1000 }

const INDEXES: Readonly<Record<string, readonly IndexDescription[]>> = {
  [MIRROR]: [{ key: { agent_id: 1 } }, { key: { '_greenroom.hash': 1 } }],
  agent_heads: [
    { key: { t: 1, deleted: 1, name_key: 1, key: 1 } },
    { key: { t: 1, id: 1 } },
    { key: { t: 1, key: 1 } },
    { key: { mirror_id: 1 } },
    { key: { t: 1, is_default: 1 }, partialFilterExpression: { is_default: true } },
    REMOVED,
  ],
  agent_revisions: [{ key: { t: 1, agent_id: 1, revision: -1 } }, { key: { t: 1, agent_id: 1, content_hash: 1 } }, REMOVED],
  agent_versions: [{ key: { t: 1, agent_id: 1 } }, REMOVED],
  agent_working_copies: [REMOVED],
  agent_refused: [{ key: { settled: 1 } }, REMOVED],
  settings: [{ key: { t: 1 } }, REMOVED],
  prices: [{ key: { t: 1 } }, REMOVED],
  provider_checks: [{ key: { t: 1 } }, REMOVED],
  connections: [{ key: { t: 1 } }, REMOVED],
  route_weights: [],
  tenants: [{ key: { tenant_id: 1 } }],
  users: [{ key: { t: 1, user_id: 1 } }, { key: { t: 1, default_agent_id: 1 } }],
  api_keys: [{ key: { hash: 1 } }, { key: { t: 1, key_id: 1 } }],
  sealed_secrets: [{ key: { t: 1 } }, REMOVED],
  releases: [{ key: { t: 1, created_at: -1, release_id: -1 } }, { key: { t: 1, state: 1 } }],
  webhooks: [{ key: { t: 1 } }, REMOVED],
  audit: [{ key: { t: 1, seq: 1 }, unique: true, ...OF_TENANT }],
  audit_tops: [],
  changes: [{ key: { position: 1 }, unique: true }, { key: { t: 1, position: 1 } }, { key: { at: 1 } }],
  counters: [],
  commit_keys: [FORGOTTEN],
  call_commit_keys: [FORGOTTEN],
  calls: [
    { key: { t: 1, started_at: -1, session_id: -1 } },
    { key: { t: 1, agent_id: 1, started_at: -1 } },
    { key: { state: 1, 'lease.lease_until': 1 } },
    { key: { 'lease.owner': 1 } },
    { key: { t: 1, 'room.connection_id': 1, 'room.room_name': 1, started_at: -1 } },
    { key: { t: 1, 'release.release_id': 1, started_at: 1 } },
    { key: { deleted_at: 1 } },
    { key: { t: 1, state: 1, ended_at: 1 } },
    { key: { t: 1, 'input.user_id': 1 } },
    { key: { t: 1, 'input.as.user_id': 1 } },
    { key: { t: 1, 'input.variables.user_id': 1 } },
    REMOVED,
  ],
  call_journal: [{ key: { t: 1, session_id: 1, attempt: 1, seq: 1 } }, REMOVED],
  call_words: [{ key: { t: 1, words: 1, session_id: 1 } }, { key: { session_id: 1 } }, REMOVED],
  call_places: [{ key: { t: 1, lease_until: 1 } }, { key: { lease_until: 1 } }, { key: { owner: 1 } }, REMOVED],
  call_minutes: [],
  call_minutes_taken: [{ key: { t: 1, session_id: 1 } }, REMOVED],
  request_windows: [],
  session_commands: [{ key: { session_id: 1, position: 1 } }, REMOVED],
  call_counters: [],
  call_place_locks: [],
  deliveries: [
    { key: { t: 1, webhook_id: 1, created_at: -1, delivery_id: -1 } },
    { key: { session_id: 1 } },
    { key: { due_at: 1 }, partialFilterExpression: { state: 'waiting' } },
    REMOVED,
  ],
}

/** Collections are made before they are needed: a transaction of an older server cannot make them. */
export async function ensureIndexes(db: Db): Promise<void> {
  const there = new Set((await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name))
  for (const [collection, indexes] of Object.entries(INDEXES)) {
    if (!there.has(collection)) await made(db, collection)
    if (indexes.length > 0) await db.collection(collection).createIndexes([...indexes])
  }
}

async function made(db: Db, collection: string): Promise<void> {
  try {
    await db.createCollection(collection)
  } catch (cause) {
    // Another instance was first.
    if (!(cause instanceof Error && 'code' in cause && cause.code === 48)) throw cause
  }
}
