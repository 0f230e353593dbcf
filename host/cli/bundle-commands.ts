import { resolve } from 'node:path'
import type { ImportPreview } from '../../core/contract/index.ts'
import type { CommandContext } from './command-context.ts'

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
