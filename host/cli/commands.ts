import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { AgentSummary, ImportPreview, ModelProgress } from '../../core/contract/index.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { isJsonObject } from '../../core/json.ts'
import { readPath } from '../bundles/read-source.ts'
import { writeWhole } from '../bundles/folder.ts'
import { checkBundle, findingText } from './check-agent.ts'
import { runCall, type CallRequest } from './run-call.ts'
import { table, type Output } from './output.ts'
import type { StudioLink } from './studio-link.ts'
import { readWav } from './wav.ts'

/** What a command needs: the studio (opened only when it is asked for), where to write, and when to stop. Each returns its exit code. */
export type CommandContext = Readonly<{ studio: () => Promise<StudioLink>; out: Output; isJson: boolean; signal: AbortSignal }>

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

/** Exit code 1 when something is an error; warnings alone are 0. A path that exists is read; anything else is an agent's id. */
export async function validateAgents({ studio, out, isJson }: CommandContext, targets: readonly string[]): Promise<number> {
  let errors = 0
  for (const target of targets) {
    const isPath = existsSync(target) || /[\\/]|\.(greenroom|json)$/.test(target)
    const bundle = isPath
      ? await readPath(resolve(target))
      : { content: (await (await studio()).call('agent.get', { agent_id: target })).head.content, versions: [] }
    const findings = checkBundle(bundle)
    errors += findings.filter(({ severity }) => severity === 'error').length
    if (isJson) out.json({ target, findings })
    else for (const found of findings) out.result(`${target.replace(/[\\/]+$/, '')}/${findingText(found)}`)
  }
  if (errors === 0) out.note(targets.length === 1 ? `${targets[0] ?? ''} is valid.` : `${targets.length} agents are valid.`)
  return errors > 0 ? 1 : 0
}

export async function exportAgent(
  { studio, out, isJson }: CommandContext,
  agent_id: string,
  options: { out?: string; folder?: string; versions?: string },
): Promise<number> {
  const link = await studio()
  const versions =
    options.versions === 'all'
      ? 'all'
      : (options.versions ?? '')
          .split(',')
          .map((version) => version.trim())
          .filter(Boolean)
  const { file_name, secret_references } = await link.call('bundle.inspect', { agent_id, versions })
  const path = resolve(options.folder ?? options.out ?? file_name)
  const form = options.folder === undefined ? 'bundle' : 'folder'
  const written = await link.call('bundle.export', { agent_id, versions, to: { kind: 'path', path, form } })
  if (secret_references.length > 0) out.note(`Secrets stay here; the export names ${secret_references.join(', ')}.`)
  if (isJson)
    out.json({ path, form, ...(form === 'bundle' && { size: written.size, sha256: written.sha256 }), secret_references })
  else out.result(path)
  return 0
}

/** With `--dry-run` the exit code says whether anything would change. */
export async function importAgent(
  { studio, out, isJson }: CommandContext,
  path: string,
  options: { as?: string; dryRun?: boolean },
): Promise<number> {
  const link = await studio()
  const preview = await link.call('bundle.preview', {
    from: { kind: 'path', path: resolve(path) },
    ...(options.as !== undefined && { agent_id: options.as }),
  })
  if (isJson) out.json(options.dryRun ? preview : { agent_id: preview.agent_id, effect: preview.effect })
  else for (const line of previewLines(preview)) (options.dryRun ? out.result : out.note)(line)
  if (options.dryRun) return preview.effect === 'same' ? 0 : 1
  await link.call('bundle.apply', { import_id: preview.import_id })
  if (!isJson) out.result(preview.agent_id)
  return 0
}

const EFFECTS = { create: 'is new', update: 'changes', same: 'is the same already' } as const

function previewLines({ agent_id, effect, changes, versions, warnings, secret_references }: ImportPreview): string[] {
  const sides = ({ before, after }: ImportPreview['changes'][number]): string => `${shortened(before)} → ${shortened(after)}`
  return [
    `${agent_id} ${EFFECTS[effect]}`,
    ...changes.map((change) => `  ${change.path}: ${sides(change)}`),
    ...versions.map((version) => `  version ${version.version}: ${version.effect}`),
    ...(secret_references.length > 0 ? [`  needs ${secret_references.join(', ')}`] : []),
    ...warnings.map((warning) => `  warning: ${warning}`),
  ]
}

function shortened(value: unknown): string {
  const text = value === undefined ? '(nothing)' : JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

export type CallOptions = Readonly<{
  text: readonly string[]
  wav?: string
  out?: string
  seed?: number
  var: readonly string[]
  timeout: number
}>

/** One JSON line per event, as it happens. */
export async function callAgent(
  { studio, out, signal }: CommandContext,
  agent_id: string,
  options: CallOptions,
  stdin: Readable,
): Promise<number> {
  if (options.text.length === 0 && options.wav === undefined)
    throw new StudioError(
      'malformed',
      'There is nothing to say',
      'Give --text "…" (or --text - for lines from standard input), --wav FILE, or both.',
    )
  const sound = options.wav === undefined ? undefined : readWav(readSound(options.wav))
  const request: CallRequest = {
    agent_id,
    lines: linesOf(options.text, stdin),
    isVoice: options.wav !== undefined || options.out !== undefined,
    variables: variablesOf(options.var),
    timeout_ms: options.timeout * 1000,
    signal,
    onEvent: out.json,
    ...(sound && { sound }),
    ...(options.seed !== undefined && { seed: options.seed }),
  }
  const { reply } = await runCall(await studio(), request)
  if (options.out !== undefined) {
    await writeWhole(resolve(options.out), reply)
    out.note(`The reply is in ${options.out}.`)
  }
  return 0
}

function readSound(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new StudioError('not_found', `${path} cannot be read`, 'Name a WAV file.', [], { cause })
  }
}

async function* linesOf(texts: readonly string[], stdin: Readable): AsyncIterable<string> {
  for (const text of texts) {
    if (text !== '-') yield text
    else for await (const line of createInterface({ input: stdin })) if (line.trim() !== '') yield line
  }
}

type Variables = { [name: string]: Variables | CallRequest['variables'][string] }

/** `user.name=Ana` is {"user": {"name": "Ana"}}; a value that is JSON is taken as JSON. */
export function variablesOf(assignments: readonly string[]): CallRequest['variables'] {
  const variables: Variables = {}
  for (const assignment of assignments) {
    const [, path, text] = /^([A-Za-z_][\w.]*)=([^]*)$/.exec(assignment) ?? []
    if (path === undefined || text === undefined || path.includes('__proto__'))
      throw new StudioError('malformed', `"${assignment}" is not a variable`, 'Write --var name=value, or --var user.name=value.')
    setAt(variables, path.split('.'), valueOf(text))
  }
  return variables as CallRequest['variables']
}

function setAt(target: Variables, [name = '', ...rest]: readonly string[], value: CallRequest['variables'][string]): void {
  if (rest.length === 0) {
    target[name] = value
    return
  }
  const there = Object.hasOwn(target, name) ? target[name] : undefined
  const inner: Variables = isJsonObject(there) ? (there as Variables) : {}
  target[name] = inner
  setAt(inner, rest, value)
}

function valueOf(text: string): CallRequest['variables'][string] {
  try {
    return JSON.parse(text) as CallRequest['variables'][string]
  } catch {
    // Not JSON: the words themselves.
    return text
  }
}

export async function listModels({ studio, out, isJson }: CommandContext): Promise<number> {
  const { sets } = await (await studio()).call('model.list', {})
  if (isJson) out.json(sets)
  else
    out.result(
      table([
        ['SET', 'NAME', 'STATE', 'DOWNLOAD', 'FOLDER'],
        ...sets.map((set) => [
          set.set_id,
          set.name,
          set.installed ? 'installed' : 'not here',
          megabytes(set.download_bytes),
          set.folder,
        ]),
      ]),
    )
  return 0
}

export async function getModels(
  { studio, out, isJson, signal }: CommandContext,
  set_id: string,
  options: { mirror?: string },
): Promise<number> {
  const link = await studio()
  const input = { set_id, ...(options.mirror !== undefined && { mirror: options.mirror }) }
  const set = await link.call('model.get', input, { signal, onProgress: (progress) => out.progress(progressText(progress)) })
  out.note('')
  if (isJson) out.json(set)
  else out.result(`${set.name} is in ${set.folder}`)
  return 0
}

const progressText = ({ phase, item, done_bytes, total_bytes }: ModelProgress): string =>
  `${phase} ${item} ${total_bytes > 0 ? `${Math.floor((done_bytes / total_bytes) * 100)} % of ${megabytes(total_bytes)}` : ''}`.trimEnd()

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(0)} MB`
