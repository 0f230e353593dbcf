import type { AgentSummary } from '../../core/contract/index.ts'
import { isJsonObject } from '../../core/json.ts'
import type { CommandContext } from './command-context.ts'
import { table } from './output.ts'

export async function listAgents(
  { studio, out, isJson }: CommandContext,
  options: { q?: string; deleted?: boolean },
): Promise<number> {
  const link = await studio()
  const agents: AgentSummary[] = []
  let cursor: string | undefined
  do {
    const query = {
      limit: 500,
      deleted: options.deleted ?? false,
      ...(options.q !== undefined && { q: options.q }),
      ...(cursor !== undefined && { cursor }),
    }
    const page = await link.call('agent.list', query)
    agents.push(...page.agents)
    cursor = page.next_cursor
  } while (cursor !== undefined)
  if (isJson) out.json(agents)
  else if (agents.length > 0)
    out.result(table([['AGENT', 'NAME', 'VERSION', 'REVISION', 'FIELDS', 'LABELS'], ...agents.map(agentRow)]))
  else out.note('No agents.')
  return 0
}

const agentRow = (agent: AgentSummary): string[] => [
  agent.agent_id,
  agent.name,
  `${agent.version ?? '-'}${agent.unpublished && agent.version !== undefined ? '+' : ''}`,
  String(agent.revision),
  String(agent.field_count),
  Object.entries(agent.labels)
    .map(([label, version]) => `${label}=${version}`)
    .join(' '),
]

export async function showAgent({ studio, out, isJson }: CommandContext, agent_id: string): Promise<number> {
  const link = await studio()
  const { summary, head, working_copy } = await link.call('agent.get', { agent_id })
  const { versions } = await link.call('agent.versions', { agent_id: summary.agent_id })
  if (isJson) {
    out.json({ summary, head, versions })
    return 0
  }
  const prompt = head.content['prompt_config']
  const rows = [
    ['agent', summary.agent_id],
    ['name', summary.name],
    ['type', summary.agent_type],
    ['description', summary.description],
    [
      'revision',
      `${head.revision} by ${head.author}, ${new Date(head.created_at).toISOString()}${working_copy ? ' (unsaved text on top)' : ''}`,
    ],
    ['versions', versions.map(({ version }) => version).join(', ') || 'none published'],
    ['labels', agentRow(summary)[5] ?? ''],
    ['hash', head.content_hash],
    ...(['stt', 'llm', 'tts'] as const).map((kind) => [kind, providerText(head.content[`${kind}_config`])]),
    ['fields', fieldNames(head.content['schema_config']).join(', ')],
  ]
  out.result(table(rows.filter(([, value]) => value !== '')))
  if (isJsonObject(prompt) && typeof prompt['instructions'] === 'string') out.result(`\n${prompt['instructions'].trimEnd()}`)
  return 0
}

const providerText = (block: unknown): string =>
  isJsonObject(block)
    ? [block['provider'], block['model'], block['voice_id']].filter((part) => typeof part === 'string').join(' ')
    : ''

function fieldNames(schema: unknown): string[] {
  const fields = isJsonObject(schema) ? schema['fields'] : undefined
  return Array.isArray(fields)
    ? fields.flatMap((field: unknown) =>
        isJsonObject(field) && typeof field['field_name'] === 'string' ? [field['field_name']] : [],
      )
    : []
}
