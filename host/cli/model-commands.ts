import { resolve } from 'node:path'
import type { Command } from 'commander'
import { isModelProgress, type JobProgress, type LocalModel } from '../../core/contract/index.ts'
import type { CommandContext } from './command-context.ts'
import { table } from './output.ts'

type Within = (execute: (context: CommandContext) => Promise<number>) => Promise<void>

export function addModelCommands(models: Command, within: Within): void {
  const command = (name: string, description: string): Command => models.command(name).description(description).exitOverride()
  command('list', 'Which there are, which are here, and how fast they are on this machine').action(() => within(listModels))
  command('get', 'Fetch a model or a set, checked by SHA-256; Ctrl+C cancels, and the next time goes on from there')
    .argument('[id]', 'which model or set', 'starter')
    .option('--source <place>', 'address or folder to try first, that holds the same files')
    .action((id: string, options: { source?: string }) => within((context) => getModels(context, id, options)))
  command('import', 'Take in your own: GGUF, Piper voice, sherpa-onnx folder, faster-whisper (CTranslate2) folder')
    .argument('<path>', 'file or folder')
    .option('--as <id>', 'what to call it (default: its name)')
    .action((path: string, options: { as?: string }) => within((context) => importModel(context, path, options)))
  command('remove', 'Delete a model from the disk')
    .argument('<id>', 'which model')
    .action((id: string) => within((context) => removeModel(context, id)))
  command('measure', 'Run a model as a call would, and keep how fast it was')
    .argument('<id>', 'which model')
    .action((id: string) => within((context) => measureModel(context, id)))
}

async function listModels({ studio, out, isJson }: CommandContext): Promise<number> {
  const list = await (await studio()).call('model.list', {})
  if (isJson) {
    out.json(list)
    return 0
  }
  out.result(
    table([
      ['SET', 'NAME', 'STATE', 'DOWNLOAD', 'MODELS'],
      ...list.sets.map((set) => [
        set.set_id,
        set.name,
        set.installed ? 'installed' : 'not here',
        megabytes(set.download_bytes),
        set.model_ids.join(' '),
      ]),
    ]),
  )
  out.result('')
  out.result(
    table([
      ['KIND', 'MODEL', 'STATE', 'SIZE', 'LANGUAGES', 'LICENCE', 'MEASURED'],
      ...list.models.map((model) => [
        model.kind,
        model.model_id,
        stateOf(model),
        megabytes(model.installed ? model.disk_bytes : model.download_bytes),
        model.languages.slice(0, 4).join(' ') + (model.languages.length > 4 ? ' …' : ''),
        model.licence.split(';').slice(0, 2).join(';').slice(0, 48),
        measureText(model),
      ]),
    ]),
  )
  out.note(`In ${list.sets[0]?.folder ?? 'the models folder'}; ${megabytes(list.free_disk_bytes)} free.`)
  return 0
}

function stateOf({ installed, recommended, unfit }: LocalModel): string {
  if (installed) return 'installed'
  if (unfit !== undefined) return 'too large'
  return recommended ? 'recommended' : 'not here'
}

async function getModels(context: CommandContext, id: string, options: { source?: string }): Promise<number> {
  const input = { id, ...(options.source !== undefined && { source: placeOf(options.source) }) }
  const { models } = await (await context.studio()).call('model.get', input, progressOf(context))
  context.out.note('Done.')
  if (context.isJson) context.out.json(models)
  else context.out.result(models.map(({ name }) => `${name} is here`).join('\n'))
  return 0
}

async function importModel(context: CommandContext, path: string, options: { as?: string }): Promise<number> {
  const input = { path: resolve(path), ...(options.as !== undefined && { model_id: options.as }) }
  const model = await (await context.studio()).call('model.import', input, progressOf(context))
  context.out.note('Done.')
  if (context.isJson) context.out.json(model)
  else context.out.result(model.model_id)
  return 0
}

async function removeModel({ studio, out, isJson }: CommandContext, model_id: string): Promise<number> {
  const { freed_bytes } = await (await studio()).call('model.remove', { model_id })
  if (isJson) out.json({ freed_bytes })
  else out.result(`${model_id} is deleted; ${megabytes(freed_bytes)} are free again`)
  return 0
}

async function measureModel(context: CommandContext, model_id: string): Promise<number> {
  const model = await (await context.studio()).call('model.measure', { model_id }, progressOf(context))
  context.out.note('Done.')
  if (context.isJson) context.out.json(model)
  else context.out.result(`${model_id}: ${measureText(model)}`)
  return 0
}

const progressOf = ({ out, signal }: CommandContext) => ({
  signal,
  onProgress: (progress: JobProgress) => out.progress(progressText(progress)),
})

/** The studio that runs may have another working folder. */
const placeOf = (source: string): string => (/^[a-z]+:/i.test(source) ? source : resolve(source))

function progressText(progress: JobProgress): string {
  if (!isModelProgress(progress)) return progress.detail
  const { phase, item, done_bytes, total_bytes } = progress
  return `${phase} ${item} ${total_bytes > 0 ? `${Math.floor((done_bytes / total_bytes) * 100)} % of ${megabytes(total_bytes)}` : ''}`.trimEnd()
}

function measureText({ measured }: LocalModel): string {
  if (!measured) return ''
  const { real_time_factor, first_audio_ms, first_token_ms, tokens_per_second, follows_fields, cases } = measured
  return [
    real_time_factor !== undefined && `${real_time_factor} s of work a second`,
    first_audio_ms !== undefined && `first audio ${first_audio_ms.toFixed(0)} ms`,
    first_token_ms !== undefined && `first token ${first_token_ms.toFixed(0)} ms`,
    tokens_per_second !== undefined && `${tokens_per_second.toFixed(0)} tokens/s`,
    follows_fields !== undefined &&
      `follows fields in ${Math.round(follows_fields * 100)} %${cases === undefined ? '' : ` of ${cases}`}`,
  ]
    .filter((part) => part !== false)
    .join(', ')
}

const megabytes = (bytes: number): string => (bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(0)} MB`)
