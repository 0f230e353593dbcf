import { MOST_LEVELS, isDeeperThan } from '../../core/json.ts'
import { DocumentJson } from '../../core/contract/agents.ts'
import { MOST_MIGRATED, type Migrated } from '../../core/contract/migrating.ts'
import { fromForeign } from '../../core/agent/from-foreign.ts'
import type { DocumentSource, SourceDocument } from './document-source.ts'

type Asked = Readonly<{ source: string; document: DocumentJson }>

export type MigratedAll = Readonly<{ counts: Readonly<Record<Migrated['outcome'], number>>; stopped: boolean }>

/** Characters of documents in one go, so that a request stays small. */
const LARGEST_BATCH = 4_000_000

/** All documents of a source, a batch at a time; each batch is one commit, so that it can be stopped between any two. */
export async function migrateAll({
  source,
  ask,
  dry_run,
  signal,
  onDocument,
  onProgress,
}: Readonly<{
  source: DocumentSource
  ask: (input: { documents: Asked[]; dry_run: boolean }) => Promise<Readonly<{ report: readonly Migrated[] }>>
  dry_run: boolean
  signal: AbortSignal
  onDocument: (report: Migrated) => void
  onProgress: (done: number) => void
}>): Promise<MigratedAll> {
  const counts = { taken: 0, mended: 0, unchanged: 0, refused: 0 }
  const seen = new Map<string, string>()
  let done = 0
  const tell = (report: Migrated): void => {
    counts[report.outcome] += 1
    done += 1
    onDocument(report)
  }
  const send = async (documents: Asked[]): Promise<void> => {
    if (documents.length === 0) return
    for (const report of (await ask({ documents, dry_run })).report) tell(report)
    onProgress(done)
  }

  let batch: Asked[] = []
  let size = 0
  for await (const one of source.documents) {
    if (signal.aborted) return { counts, stopped: true }
    const asked = readable(one, seen)
    if ('outcome' in asked) {
      tell(asked)
      continue
    }
    batch.push(asked)
    size += JSON.stringify(asked.document).length
    if (batch.length < MOST_MIGRATED && size < LARGEST_BATCH) continue
    await send(batch)
    batch = []
    size = 0
  }
  if (signal.aborted) return { counts, stopped: true }
  await send(batch)
  return { counts, stopped: false }
}

/** Of two documents of the same agent the first counts, in whichever batches they come. */
function readable(one: SourceDocument, seen: Map<string, string>): Asked | Migrated {
  const source = one.source.slice(0, 500)
  const refused = (path: string, message: string): Migrated => ({
    ...{ source, outcome: 'refused', is_new: false, mended: [] },
    problems: [{ path, message }],
  })
  if ('problem' in one) return refused('', one.problem)
  if (isDeeperThan(one.document, MOST_LEVELS - 4)) return refused('', 'is nested too deeply')
  const agent_id = fromForeign(one.document).content['agent_id']
  const key = typeof agent_id === 'string' ? agent_id.toLowerCase() : ''
  const twin = key === '' ? undefined : seen.get(key)
  if (twin !== undefined) return refused('/agent_id', `"${twin}" is this agent already`)
  if (key !== '') seen.set(key, source)
  return { source, document: DocumentJson.parse(one.document) }
}
