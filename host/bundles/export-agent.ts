import { BUNDLE_EXTENSION, type BundleFiles, type BundleVersion } from '../../core/bundle/bundle-format.ts'
import { isVersionFolder } from '../../core/bundle/bundle-path.ts'
import { toFiles } from '../../core/bundle/file-map.ts'
import { findSecrets, secretReferences } from '../../core/agent/secret-scan.ts'
import type { DocumentJson } from '../../core/contract/agents.ts'
import { StudioError, type Problem } from '../../core/contract/errors.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Store } from '../../core/store/store.ts'

/** Head and the chosen versions as files, and what keeps them from being exported. */
export type AgentExport = Readonly<{
  agent_id: string
  file_name: string
  files: BundleFiles
  secret_references: readonly string[]
  problems: readonly Problem[]
}>

type Reads = Pick<Store, 'agents' | 'versions'>

export async function collectExport(
  store: Reads,
  scope: TenantScope,
  agent_id: string,
  chosen: 'all' | readonly string[],
): Promise<AgentExport> {
  const agent = await store.agents.find(scope, agent_id)
  if (!agent) throw new StudioError('not_found', `There is no agent "${agent_id}"`, 'List the agents to see their ids.')
  const { content } = agent.head
  const versions = await chosenVersions(store, scope, agent_id, chosen)
  const contents = [content, ...versions.map((version) => version.content)]
  return {
    agent_id: agent.summary.agent_id,
    file_name: `${agent.summary.agent_id}${BUNDLE_EXTENSION}`,
    files: toFiles({ content, versions }),
    secret_references: secretReferences(...contents),
    problems: [
      ...secretProblems('agent.json', content),
      ...versions.flatMap((version) => secretProblems(`versions/${version.version}/agent.json`, version.content)),
      ...nameProblems(versions),
    ],
  }
}

/** An export leaves the machine: one with a key in it is refused, and says where the key stands. */
export function refuseProblems({ problems }: AgentExport): void {
  if (problems.length === 0) return
  const [first] = problems
  throw new StudioError(
    'invalid_document',
    `Not exported: ${first?.path ?? ''} ${first?.message ?? ''}`,
    'Keep keys in the secret store (Models & keys) and write a reference such as "secret:openai".',
    problems,
  )
}

async function chosenVersions(
  store: Reads,
  scope: TenantScope,
  agent_id: string,
  chosen: 'all' | readonly string[],
): Promise<BundleVersion[]> {
  if (chosen !== 'all' && chosen.length === 0) return []
  const all = await store.versions.listWithContent(scope, agent_id)
  const missing = chosen === 'all' ? undefined : chosen.find((name) => !all.some(({ version }) => version === name))
  if (missing !== undefined)
    throw new StudioError(
      'not_found',
      `"${agent_id}" has no version ${missing}`,
      `Published: ${all.map(({ version }) => version).join(', ') || 'nothing yet'}.`,
    )
  return all
    .filter(({ version }) => chosen === 'all' || chosen.includes(version))
    .map(({ version, name, note, author, created_at, content }) => ({ version, name, note, author, created_at, content }))
}

const secretProblems = (file: string, content: DocumentJson): Problem[] =>
  findSecrets(content).map(({ path, message }) => ({ path: `${file}#${path}`, message }))

/** Folder names that some file systems would take for one another. */
function nameProblems(versions: readonly BundleVersion[]): Problem[] {
  const seen = new Set<string>()
  return versions.flatMap(({ version }) => {
    const clash = !isVersionFolder(version) || seen.has(version.toLowerCase())
    seen.add(version.toLowerCase())
    return clash
      ? [{ path: `versions/${version}`, message: 'cannot be a folder name on every system; leave this version out' }]
      : []
  })
}
