import type { AgentBundle, BundleVersion } from '../../core/bundle/bundle-format.ts'
import { compareDocuments } from '../../core/bundle/compare-documents.ts'
import { findSecrets, secretReferences } from '../../core/agent/secret-scan.ts'
import { contentHash } from '../../core/agent/content-hash.ts'
import { parseAgent } from '../../core/agent/parse-agent.ts'
import type { DocumentJson } from '../../core/contract/agents.ts'
import type { ImportPreview } from '../../core/contract/bundles.ts'
import { StudioError, type Problem } from '../../core/contract/errors.ts'
import { AgentId } from '../../core/contract/ids.ts'
import type { StoredAgent } from '../../core/store/agents.ts'

/** What was read, checked and set against the store; `based_on` is the head that was compared, 0 where there is none. */
export type ImportPlan = Readonly<{
  agent_id: AgentId
  content: DocumentJson
  versions: readonly BundleVersion[]
  based_on: number
  restores_deleted: boolean
  preview: Omit<ImportPreview, 'import_id'>
}>

/** The same agent under another id, in all its versions. */
export function renamed(bundle: AgentBundle, agent_id: string | undefined): AgentBundle {
  if (agent_id === undefined) return bundle
  const under = (content: DocumentJson): DocumentJson => ({ ...content, agent_id })
  return {
    content: under(bundle.content),
    versions: bundle.versions.map((version) => ({ ...version, content: under(version.content) })),
  }
}

/** Throws `invalid_document` or `unsupported` when a document in the bundle is no agent that this build can keep, or holds a key. */
export function planImport(
  bundle: AgentBundle,
  existing: StoredAgent | undefined,
  known: ReadonlyMap<string, string>,
): ImportPlan {
  const { agent_id, name } = checkDocuments(bundle)
  const before = existing?.head.content
  const changes = before ? compareDocuments(before, bundle.content) : []
  const versions = bundle.versions.map(({ version, content }) => ({
    version,
    effect: versionEffect(known.get(version), content),
  }))
  const restores_deleted = existing?.summary.deleted_at !== undefined
  const isSame =
    existing !== undefined && !restores_deleted && changes.length === 0 && versions.every(({ effect }) => effect === 'same')
  return {
    agent_id,
    content: bundle.content,
    versions: bundle.versions,
    based_on: existing?.head.revision ?? 0,
    restores_deleted,
    preview: {
      agent_id,
      name,
      effect: existing ? (isSame ? 'same' : 'update') : 'create',
      versions,
      changes,
      secret_references: secretReferences(bundle.content, ...bundle.versions.map(({ content }) => content)),
      warnings: warningsFor(existing),
    },
  }
}

function checkDocuments({ content, versions }: AgentBundle): { agent_id: AgentId; name: string } {
  const head = parseAgent(content)
  const documents = [
    { file: 'agent.json', parsed: head, content },
    ...versions.map((version) => ({
      file: `versions/${version.version}/agent.json`,
      parsed: parseAgent(version.content),
      content: version.content,
    })),
  ]
  const newer = documents.find(({ parsed }) => !parsed.ok && parsed.newer_format)
  if (newer)
    throw new StudioError(
      'unsupported',
      `${newer.file} was written by a newer Greenroom`,
      'Update Greenroom, then import it again.',
    )
  const problems: Problem[] = documents.flatMap(({ file, parsed, content }) =>
    [...(parsed.ok ? [] : parsed.problems), ...findSecrets(content)].map(({ path, message }) => ({
      path: `${file}#${path}`,
      message,
    })),
  )
  for (const { version, content: versionContent } of versions) {
    if (versionContent['agent_id'] !== content['agent_id'])
      problems.push({ path: `versions/${version}/agent.json#/agent_id`, message: 'is another agent' })
  }
  if (head.ok && problems.length === 0) return { agent_id: AgentId.parse(head.document.agent_id), name: head.document.name }
  const [first] = problems
  throw new StudioError(
    'invalid_document',
    `This is not a valid agent: ${first?.path ?? ''} ${first?.message ?? ''}`,
    'Mend what is listed; nothing was imported.',
    problems,
  )
}

function versionEffect(knownHash: string | undefined, content: DocumentJson): 'create' | 'same' | 'conflict' {
  if (knownHash === undefined) return 'create'
  return knownHash === contentHash(content) ? 'same' : 'conflict'
}

function warningsFor(existing: StoredAgent | undefined): string[] {
  const deleted = existing?.summary.deleted_at === undefined ? [] : ['This agent was deleted here; importing brings it back.']
  const unsaved = existing?.working_copy
    ? ['There is unsaved text in this agent; it stays, based on the revision before the import.']
    : []
  return [...deleted, ...unsaved]
}
