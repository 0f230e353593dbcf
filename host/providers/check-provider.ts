import { parseAgent } from '../../core/agent/parse-agent.ts'
import { DocumentJson } from '../../core/contract/agents.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { OutputOf, ParsedInputOf } from '../../core/contract/index.ts'
import type { CheckStep } from '../../core/contract/providers.ts'
import { isJsonObject, type Json } from '../../core/json.ts'
import { blockSecrets, isLoopback } from '../../core/providers/index.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { ProviderQuestion } from '../runtime/ask-provider.ts'
import { enginesFor, type UsedProvider } from '../runtime/block-engines.ts'
import { modelFor, type LocalModels } from '../runtime/local-model.ts'
import { presentSecrets, type SecretsFor } from '../runtime/present-secrets.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { ProcessGroup } from '../runtime/session-pool.ts'
import { addressOf, readBlock, type NamedBlock } from './named-block.ts'

/*
 * Threat model: a check sends a key to the address that the block names, as a call would, and its result is kept and shown. The process
 * that asks gets the keys of this block alone, and what it reports has them struck out.
 */

export type CheckDeps = Readonly<{
  runtime: Pick<Runtime, 'engine' | 'ask'>
  secretsFor: SecretsFor
  localModels: () => LocalModels | Promise<LocalModels>
  offline: () => boolean
  /** With whom a tenant may share a process. */
  groupOf: (scope: TenantScope) => Promise<ProcessGroup>
}>

type Input = ParsedInputOf<'provider.check'>
type Options = Readonly<{ signal: AbortSignal; onStep: (step: CheckStep) => void }>

/** Three small fields of the kinds that agents use. */
const FIELDS: readonly Json[] = [
  {
    field_name: 'system_response',
    field_type: 'str',
    description: 'One short friendly sentence',
    metadata: { use_in_tts: true },
  },
  { field_name: 'mood', field_type: "Literal['glad', 'neutral', 'sad']", description: 'How you sound' },
  { field_name: 'certainty', field_type: 'int', description: 'How sure you are', constraints: { ge: 1, le: 5 } },
]

/** Throws when it cannot even be begun: no such provider, no model on this machine, offline. */
export async function checkProvider(
  deps: CheckDeps,
  scope: TenantScope,
  input: Input,
  options: Options,
): Promise<OutputOf<'provider.check'>> {
  const { fallbacks: _, ...block } = input.block
  const named = readBlock(input.kind, block)
  const local = await deps.localModels()
  requireReachable(named, deps.offline())
  requireModel(named, local)
  const question: ProviderQuestion = {
    kind: input.kind,
    content: documentAround(input.kind, block, input.fields ?? FIELDS),
    secrets: await presentSecrets(
      deps.secretsFor(scope),
      blockSecrets(named.kind, named.block).map(({ reference }) => reference),
    ),
    engines: await enginesFor(deps.runtime, usedBy(named, local), local),
  }
  return deps.runtime.ask(question, { ...options, group: await deps.groupOf(scope) })
}

/** Throws `invalid_document` for fields that are no table. */
function documentAround(kind: Input['kind'], block: Readonly<Record<string, Json>>, fields: readonly Json[]): DocumentJson {
  const content = {
    ...{ format: 1, agent_id: 'check', name: 'Check', prompt_config: { instructions: 'You are tried.' } },
    schema_config: { spoken_field: spokenField(fields), fields },
    [`${kind}_config`]: block,
  }
  const parsed = parseAgent(content)
  if (parsed.ok) return DocumentJson.parse(parsed.document)
  throw new StudioError(
    'invalid_document',
    'The fields cannot be checked: they are not a valid table.',
    'Mend what is marked in Output, and check again.',
    parsed.problems,
  )
}

function spokenField(fields: readonly Json[]): string {
  const spoken = fields.find(
    (field) => isJsonObject(field) && isJsonObject(field['metadata']) && field['metadata']['use_in_tts'] === true,
  )
  const name = isJsonObject(spoken) ? spoken['field_name'] : undefined
  return typeof name === 'string' ? name : 'system_response'
}

function requireReachable(named: NamedBlock, offline: boolean): void {
  const { provider } = named
  const address = addressOf(named)
  if (!offline || provider.network === 'never' || isLoopback(address)) return
  throw new StudioError(
    'unavailable',
    `Greenroom is in offline mode, so ${provider.name} is not asked.`,
    'Turn offline off in Settings, and check again.',
  )
}

function requireModel({ kind, provider, block }: NamedBlock, local: LocalModels): void {
  if (provider.id !== 'builtin') return
  const found = modelFor(kind, block, local)
  if (found?.is_asked) return
  throw new StudioError(
    'not_found',
    found
      ? `The built-in model "${block.model ?? ''}" is not on this machine.`
      : `${provider.name} has no model on this machine.`,
    'Get it in Models & keys → Models, and check again.',
  )
}

/** An STT needs somebody to hear: the built-in voice where there is one, and espeak-ng. */
function usedBy({ kind, provider }: NamedBlock, { models }: LocalModels): UsedProvider[] {
  const asked: UsedProvider = { kind, provider: provider.id }
  if (kind !== 'stt') return [asked]
  const voices = models.some((model) => model.kind === 'tts') ? ['espeak-ng', 'builtin'] : ['espeak-ng']
  return [asked, ...voices.map((voice): UsedProvider => ({ kind: 'tts', provider: voice }))]
}
