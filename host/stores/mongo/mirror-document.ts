import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { BSON, type Document, type ObjectId } from 'mongodb'
import * as z from 'zod'
import { orderedDocument } from '../../../core/agent/ordered-document.ts'
import type { DocumentJson } from '../../../core/contract/agents.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { HeadRow } from './agent-tables.ts'
import { toPlainObject } from './to-plain.ts'

/** Collection of the clients: their documents, readable by people, with one key of ours. */
export const MIRROR = 'agent_configurations'

/** `_id` of a document as extended JSON: other programs use ids of any type. */
export type MirrorId = string
/** Any value; programs use ids of all kinds. */
export type RawId = string | number | ObjectId
export type MirrorDocument = Document & { _id: RawId }

export const toMirrorId = (id: unknown): MirrorId => BSON.EJSON.stringify({ id }, { relaxed: false })
const IdText = z.object({ id: z.custom<RawId>((id) => id !== undefined) })
export const fromMirrorId = (text: MirrorId): RawId => IdText.parse(BSON.EJSON.parse(text, { relaxed: true })).id

/** Of a document that we are the first to write. */
export const ownMirrorId = (tenant_id: string, agent_id: string): MirrorId => toMirrorId(`${tenant_id}/${agent_id}`)

/** `hash`: of the whole document without `_id`, our key and bookkeeping; another one means that somebody else wrote. */
const Stamp = z.object({ tenant_id: z.string(), agent_id: z.string(), revision: z.int(), hash: z.string() })
export type Stamp = Readonly<z.infer<typeof Stamp>>

export const stampOf = (document: MirrorDocument): Stamp | undefined => Stamp.safeParse(document['_greenroom']).data

/** Dates and counters that frameworks keep in a document; they say nothing of the agent. */
const BOOKKEEPING = new Set(['created_at', 'updated_at', 'createdAt', 'updatedAt', '__v', '_class'])
const OURS = new Set(['_id', '_greenroom'])

/** What the document says of the agent, as JSON. */
export const saidBy = (document: Document): JsonObject =>
  toPlainObject(Object.fromEntries(Object.entries(document).filter(([key]) => !BOOKKEEPING.has(key) && !OURS.has(key))))

export const mirrorHash = (document: Document): string =>
  createHash('sha256')
    .update(canonicalize(saidBy(document)) ?? '')
    .digest('hex')

/** Whether nobody else has written to it since we did. */
export const isOwn = (document: MirrorDocument): boolean => stampOf(document)?.hash === mirrorHash(document)

/** State as clients read it beside the content. */
function stateOf({ version, enabled, is_default, labels }: HeadRow, tenant_id: string, before?: Document): Document {
  const config: unknown = before?.['tenant_config']
  return {
    ...(version !== undefined && { version }),
    ...{ enabled, is_default },
    ...(Object.keys(labels).length > 0 && { labels }),
    tenant_config: config ?? { tenant_id },
  }
}

/** The whole document anew: content and state merged, dates of other programs kept as they are. */
export function wholeMirror(tenant_id: string, head: HeadRow, content: DocumentJson, before?: MirrorDocument): MirrorDocument {
  const dates = before
    ? Object.fromEntries(Object.entries(before).filter(([key]) => BOOKKEEPING.has(key)))
    : { created_at: new Date(head.created_at) }
  const { agent_id, name, ...rest } = orderedDocument({ name: head.name, ...content, agent_id: head.agent_id })
  const document = { agent_id, name, ...rest, ...stateOf(head, tenant_id, before), ...dates }
  return stamped(tenant_id, head, { ...document, _id: fromMirrorId(head.mirror_id) })
}

/** Another state, whatever shape the rest has. */
export function mirrorWithState(tenant_id: string, head: HeadRow, before: MirrorDocument): MirrorDocument {
  const { labels: _, version: __, ...rest } = before
  const active = 'is_active' in before ? { is_active: head.enabled } : {}
  return stamped(tenant_id, head, { ...rest, ...stateOf(head, tenant_id, before), ...active, _id: before._id })
}

/** The document as somebody else wrote it, marked as the revision that it has become. */
export function stamped(tenant_id: string, head: HeadRow, document: MirrorDocument): MirrorDocument {
  const { _id, _greenroom: _, updated_at, ...rest } = document
  const stamp = {
    tenant_id,
    agent_id: head.agent_id,
    id: head.id,
    revision: head.revision,
    content_hash: head.content_hash,
    author: head.author,
    hash: mirrorHash(document),
    updated_at: new Date(head.updated_at),
    ...(head.deleted_at !== undefined && { deleted_at: new Date(head.deleted_at) }),
  }
  // Another program finds its date in the form that it wrote.
  const now = new Date(head.updated_at)
  return { _id, ...rest, updated_at: typeof updated_at === 'string' ? now.toISOString() : now, _greenroom: stamp }
}
