import { resolve } from 'node:path'
import { InvalidArgumentError, type Command } from 'commander'
import { DocumentJson } from '../../core/contract/agents.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { isCheckStep, type InputOf } from '../../core/contract/index.ts'
import { ProviderKind as Kind, type CheckStep, type ProviderCheck } from '../../core/contract/providers.ts'
import { isJsonObject } from '../../core/json.ts'
import { blockSecrets, listProviders, type Provider, type ProviderKind } from '../../core/providers/index.ts'
import { writeWhole } from '../bundles/folder.ts'
import type { CommandContext } from './command-context.ts'
import { table } from './output.ts'
import { addPriceCommand } from './price-command.ts'

type Within = (execute: (context: CommandContext) => Promise<number>) => Promise<void>

const KINDS = Kind.options

type BlockOptions = Readonly<{ model?: string; baseUrl?: string; key?: string; set: Readonly<Record<string, string>> }>
type CheckOptions = BlockOptions & Readonly<{ out?: string }>

export function addProviderCommands(providers: Command, within: Within): void {
  providers
    .command('list')
    .description('All there are, what they need, and whether a check has passed')
    .argument('[kind]', KINDS.join(', '), kindOf)
    .action((kind: ProviderKind | undefined) => within((context) => listAll(context, kind)))
  withBlock(
    providers
      .command('check')
      .description('Ask one for real: key, model, fields, first token or audio; or all that an agent uses (check --agent ADA)'),
    true,
  )
    .option('--agent <agent>', 'what this agent uses, with its fields')
    .option('-o, --out <file>', 'write the sample sentence as a WAV file')
    .action((kind: ProviderKind | undefined, provider: string | undefined, options: CheckOptions & { agent?: string }) =>
      within((context) => checkProviders(context, kind, provider, options)),
    )
  withBlock(providers.command('models').description('The models that it lists itself'), false).action(
    (kind: ProviderKind, provider: string, options: BlockOptions) =>
      within((context) => listProviderModels(context, kind, provider, options)),
  )
  addPriceCommand(providers.command('prices'), within, kindOf)
}

const withBlock = (command: Command, optional: boolean): Command =>
  command
    .argument(optional ? '[kind]' : '<kind>', KINDS.join(', '), kindOf)
    .argument(optional ? '[provider]' : '<provider>', 'as "providers list" names it')
    .option('-m, --model <name>', 'the model')
    .option('--base-url <address>', 'another address')
    .option('--key <reference>', 'where the key is: env:NAME or secret:NAME')
    .option('--set <name=value>', 'another setting, such as voice_id=alloy (again for more)', setting, {})

async function listAll({ studio, out, isJson }: CommandContext, kind: ProviderKind | undefined): Promise<number> {
  const link = await studio()
  const shown = (kind ? [kind] : KINDS).flatMap((one): readonly Provider[] => listProviders(one))
  const references = shown.flatMap((provider) => keysOf(provider))
  const { secrets } = await link.call('secret.list', { references: [...new Set(references)] })
  const { checks } = await link.call('provider.checks', {})
  const isHere = (reference: string) => secrets.some((secret) => secret.reference === reference && secret.present)
  const rows = shown.map((provider) => ({
    kind: provider.kind,
    provider: provider.id,
    name: provider.name,
    needs: needsOf(provider, isHere),
    checked: checkedOf(provider, checks),
  }))
  if (isJson) out.json(rows)
  else out.result(table([['KIND', 'PROVIDER', 'NAME', 'NEEDS', 'CHECKED'], ...rows.map((row) => Object.values(row))]))
  return 0
}

const keysOf = ({ kind, id }: Provider): string[] => blockSecrets(kind, { provider: id }).map(({ reference }) => reference)

function needsOf(provider: Provider, isHere: (reference: string) => boolean): string {
  const { needs } = provider
  if (needs.kind === 'nothing') return ''
  if (needs.kind === 'models') return 'models on this machine'
  return keysOf(provider)
    .map((reference) => `${reference}${isHere(reference) ? ' (there)' : ''}`)
    .join(', ')
}

function checkedOf({ kind, id, network }: Provider, checks: readonly ProviderCheck[]): string {
  const own = checks.filter((check) => check.kind === kind && check.provider === id)
  const passed = own.flatMap(({ passed_at }) => passed_at ?? []).sort((a, b) => b - a)[0]
  if (passed !== undefined && own[0]?.ok === false) return 'last check failed'
  if (passed !== undefined) return `passed ${new Date(passed).toISOString().slice(0, 10)}`
  if (own.length > 0) return 'failed'
  return network === 'never' ? '' : 'not verified live'
}

type Question = InputOf<'provider.check'>

async function checkProviders(
  context: CommandContext,
  kind: ProviderKind | undefined,
  provider: string | undefined,
  options: CheckOptions & { agent?: string },
): Promise<number> {
  const link = await context.studio()
  const questions = options.agent === undefined ? [question(kind, provider, options)] : await questionsOf(context, options.agent)
  const results: ProviderCheck[] = []
  for (const asked of questions.filter((one) => kind === undefined || one.kind === kind)) {
    context.out.note(questionText(asked))
    const { check, sample_wav } = await link.call('provider.check', asked, {
      signal: context.signal,
      onProgress: (step) => isCheckStep(step) && context.out.note(stepText(step)),
    })
    results.push(check)
    if (options.out !== undefined && sample_wav !== undefined) {
      await writeWhole(resolve(options.out), Buffer.from(sample_wav, 'base64'))
      context.out.note(`The sample is in ${options.out}.`)
    }
  }
  if (context.isJson) context.out.json(results)
  else context.out.result(results.map(resultText).join('\n'))
  return results.every(({ ok }) => ok) ? 0 : 1
}

function question(kind: ProviderKind | undefined, provider: string | undefined, options: BlockOptions): Question {
  if (kind !== undefined && provider !== undefined) return { kind, block: blockOf(provider, options) }
  throw new StudioError(
    'malformed',
    'What should be checked?',
    'Name a kind and a provider (llm groq), or an agent (--agent ada).',
  )
}

/** The choices of an agent's head, its fallbacks too. */
async function questionsOf({ studio }: CommandContext, agent_id: string): Promise<Question[]> {
  const { head } = await (await studio()).call('agent.get', { agent_id })
  const schema = head.content['schema_config']
  const fields = isJsonObject(schema) && Array.isArray(schema['fields']) ? { fields: [...schema['fields']] } : {}
  return KINDS.flatMap((kind) => {
    const config = head.content[`${kind}_config`]
    const { fallbacks = [], ...block } = isJsonObject(config) ? config : {}
    const choices = [block, ...(Array.isArray(fallbacks) ? fallbacks.filter(isJsonObject) : [])]
    return choices.map((choice): Question => ({ kind, block: DocumentJson.parse(choice), ...fields }))
  })
}

function questionText({ kind, block: { provider, model } }: Question): string {
  return [kind, provider, model].filter((word) => typeof word === 'string').join(' ')
}

const stepText = ({ step, ok, detail, ms, error }: CheckStep): string =>
  `  ${ok ? 'ok  ' : 'FAIL'} ${step.replace('_', ' ')}: ${detail}${ms === undefined ? '' : ` (${ms} ms)`}${error ? `\n       ${error.hint}` : ''}`

const resultText = ({
  kind,
  provider,
  model,
  ok,
  first_token_ms,
  first_audio_ms,
  transcription_delay_ms,
}: ProviderCheck): string => {
  const ms = first_token_ms ?? first_audio_ms ?? transcription_delay_ms
  return `${kind} ${provider}${model ? ` ${model}` : ''}: ${ok ? 'works' : 'does not work'}${ms === undefined ? '' : `, ${ms} ms`}`
}

async function listProviderModels(
  { studio, out, isJson }: CommandContext,
  kind: ProviderKind,
  provider: string,
  options: BlockOptions,
): Promise<number> {
  const { models, source } = await (await studio()).call('provider.models', { kind, block: blockOf(provider, options) })
  if (isJson) out.json(models)
  else out.result(models.join('\n'))
  out.note(`${models.length} models from ${source}`)
  return 0
}

const blockOf = (provider: string, { model, baseUrl, key, set }: BlockOptions): Record<string, string> => ({
  provider,
  ...(model !== undefined && { model }),
  ...(baseUrl !== undefined && { base_url: baseUrl }),
  ...(key !== undefined && { api_key: key }),
  ...set,
})

function kindOf(text: string): ProviderKind {
  const kind = Kind.safeParse(text)
  if (kind.success) return kind.data
  throw new InvalidArgumentError(`It must be one of ${KINDS.join(', ')}.`)
}

function setting(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('It must be name=value.')
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}
