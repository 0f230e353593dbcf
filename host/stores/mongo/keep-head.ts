import { StudioError } from '../../../core/contract/errors.ts'
import type { DocumentJson } from '../../../core/contract/agents.ts'
import { FOREIGN, HEADS, REVISIONS, type HeadRow } from './agent-tables.ts'
import { ForeignWrite } from './foreign-write.ts'
import { isOwn, MIRROR, mirrorHash, mirrorWithState, toMirrorId, wholeMirror, type MirrorDocument } from './mirror-document.ts'
import { SERVER } from './table.ts'
import type { Write } from './write.ts'

/** Writes what is known of an agent, and its document among the clients' with it. `content`: of head, where that is new. */
export async function keepHead(write: Write, head: HeadRow, content?: DocumentJson): Promise<void> {
  const now = { ...head, updated_at: write.at }
  write.unit.put(HEADS, write.scope.tenant_id, now)
  await writeMirror(write, now, content)
}

/** The clients' document of an agent follows; what somebody else has written to it meanwhile is taken in first (`ForeignWrite`). */
export async function writeMirror(write: Write, head: HeadRow, content?: DocumentJson): Promise<void> {
  const { unit, scope } = write
  const before = await unit.mirror(head.mirror_id)
  const isTheirs = before !== undefined && !unit.mirrorWrite(head.mirror_id) && !isOwn(before)
  if (isTheirs && !(await isRefused(write, head.mirror_id, before))) throw new ForeignWrite(head.mirror_id)
  // Of a text that cannot be served nothing is changed until there is a better one.
  if (isTheirs && !content) return
  if (isTheirs) await settleRefused(write, head.mirror_id)
  const document = content
    ? wholeMirror(scope.tenant_id, head, content, before)
    : before
      ? mirrorWithState(scope.tenant_id, head, before)
      : await rebuilt(write, head)
  if (document) unit.writeMirror({ id: head.mirror_id, document })
}

export const removeMirror = ({ unit }: Write, { mirror_id }: HeadRow): void => unit.writeMirror({ id: mirror_id })

/** Whether exactly this text of it was found to be unusable. */
export async function isRefused({ unit }: Pick<Write, 'unit'>, mirror_id: string, document: MirrorDocument): Promise<boolean> {
  const refused = await unit.find(FOREIGN, SERVER, [mirror_id])
  return refused?.hash === mirrorHash(document)
}

/** Nothing is wrong with it any more; what it was stays to be looked up. */
export async function settleRefused({ unit }: Pick<Write, 'unit'>, mirror_id: string): Promise<void> {
  const refused = await unit.find(FOREIGN, SERVER, [mirror_id])
  if (refused && !refused.settled) unit.put(FOREIGN, SERVER, { ...refused, settled: true })
}

async function rebuilt({ unit, scope }: Write, head: HeadRow): Promise<MirrorDocument | undefined> {
  const revision = await unit.find(REVISIONS, scope.tenant_id, [head.key, head.revision])
  return revision && wholeMirror(scope.tenant_id, head, revision.content)
}

/** No document of this name that somebody else has put there stands in the way of a new agent. */
export async function requireFree(write: Write, agent_id: string): Promise<void> {
  for (const found of await write.unit.unmarked(agent_id)) {
    const id = toMirrorId(found._id)
    if (!(await isRefused(write, id, found))) throw new ForeignWrite(id)
    throw new StudioError(
      'conflict',
      `Somebody else has put a document "${agent_id}" into the collection ${MIRROR}, and it cannot be used as it is.`,
      'Mend or remove it there, or choose another id; the health of the store says what is wrong with it.',
      [{ path: '/agent_id', message: 'is taken' }],
    )
  }
}
