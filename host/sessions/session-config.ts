import { applyTier } from '../../core/agent/apply-tier.ts'
import { AgentDocument } from '../../core/agent/document.ts'
import { parseAgent } from '../../core/agent/parse-agent.ts'
import { DocumentJson } from '../../core/contract/agents.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { AgentId } from '../../core/contract/ids.ts'
import type { SessionConfig } from '../../core/contract/runtime.ts'
import { blockSecrets, type ProviderKind } from '../../core/providers/index.ts'
import type { JsonObject } from '../../core/json.ts'
import { applyOverrides } from '../../core/routing/apply-overrides.ts'
import type { CallInput, WhatIf } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import { toolSecrets } from '../../core/tools/tool-secrets.ts'
import { enginesFor } from '../runtime/block-engines.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { presentSecrets, type ResolveSecrets } from '../runtime/present-secrets.ts'
import { fitBlock, type Block, type Choice, type Machine, type Substitution } from './fit-block.ts'
import type { AgentHead, AskedAgent, SessionDeps } from './session-deps.ts'
import { pricesOf } from './session-prices.ts'
import { rehearsed } from './what-if.ts'

/*
 * Threat model: a session process talks to providers on the network and runs natives. It gets the values of exactly the references that
 * its agent's document uses in this modality, so that one agent's call never holds another one's keys.
 */

export type Modality = 'voice' | 'text'

/** What answers, made for this machine, and what had to be replaced for it. */
export type BuiltConfig = Readonly<{ config: SessionConfig; document: AgentDocument; substitutions: readonly Substitution[] }>

export type ConfigDeps = Pick<SessionDeps, 'secretsFor' | 'localModels' | 'offline' | 'ownPrices' | 'features'> &
  Readonly<{ runtime: Pick<Runtime, 'engine'> }>
/** `overrides`: of the document, for this call alone. `variables`: once the caller was changed. */
export type AskedCall = AskedAgent &
  Readonly<{
    modality: Modality
    what_if: WhatIf
    overrides?: JsonObject
    variables?: CallInput['variables']
  }>

const KINDS = { voice: ['stt', 'llm', 'tts'], text: ['llm'] } as const

export async function buildConfig(
  deps: ConfigDeps,
  scope: TenantScope,
  { agent_id, modality, what_if, overrides, variables }: AskedCall,
  { content, revision }: AgentHead,
): Promise<BuiltConfig> {
  const machine: Machine = { local: await deps.localModels(), offline: deps.offline() }
  const features = await deps.features?.(scope)
  const wanted = overrides ? applyOverrides(content, overrides).content : content
  // The tier comes last: no override brings back what it leaves out.
  const asked = features ? applyTier(wanted, features) : wanted
  const { document, substitutions } = fitDocument(readDocument(asked), KINDS[modality], what_if, machine)
  const choices = KINDS[modality].flatMap((kind) => choicesOf(kind, document))
  const [secrets, toolKeys, engines, own] = await Promise.all([
    secretsOf(deps.secretsFor(scope), document.name, choices),
    // One that is missing is told when the tool is called; the rest of the call does not need it.
    presentSecrets(deps.secretsFor(scope), toolSecrets(document.tools)),
    enginesFor(deps.runtime, choices, machine.local),
    deps.ownPrices(scope),
  ])
  return {
    config: {
      agent_id: AgentId.parse(agent_id),
      revision,
      content: DocumentJson.parse(document),
      secrets: { ...toolKeys, ...secrets },
      engines,
      ...(variables && { variables }),
      prices: pricesOf(choices, own),
    },
    document,
    substitutions,
  }
}

function readDocument(content: DocumentJson): AgentDocument {
  const parsed = parseAgent(content)
  if (parsed.ok) return parsed.document
  throw new StudioError(
    'invalid_document',
    'The agent cannot be called: its document is not valid.',
    'Mend what is marked in the editor, save, and call again.',
    parsed.problems,
  )
}

/** The document as this machine can run it: what-if first, then what is here and may be asked. */
function fitDocument(asked: AgentDocument, kinds: readonly ProviderKind[], what_if: WhatIf, machine: Machine) {
  const told: Substitution[] = []
  const fitted = KINDS.voice.map((kind): [string, Block] => {
    const preset = what_if[kind]
    const given: Block = asked[`${kind}_config`]
    const changed = preset === undefined ? undefined : rehearsed(kind, given, preset)
    if (!kinds.includes(kind)) return [`${kind}_config`, changed?.block ?? given]
    const { block, substitutions } = fitBlock(kind, changed?.block ?? given, machine)
    told.push(...(changed ? [changed.told] : []), ...substitutions)
    return [`${kind}_config`, block]
  })
  return { document: AgentDocument.parse({ ...asked, ...Object.fromEntries(fitted) }), substitutions: told }
}

type KindChoice = Choice & Readonly<{ kind: ProviderKind }>

/** The block of a kind and its fallbacks, in the order in which they are asked. */
function choicesOf(kind: ProviderKind, document: AgentDocument): KindChoice[] {
  const { fallbacks = [], ...block }: Block = document[`${kind}_config`]
  return [block, ...fallbacks].map((choice) => ({ ...choice, kind }))
}

/** A reference that the document names must lead somewhere; a provider's usual variable may be absent, as local servers need no key. */
async function secretsOf(
  resolveSecrets: ResolveSecrets,
  name: string,
  choices: readonly KindChoice[],
): Promise<Record<string, string>> {
  const wanted = choices.flatMap((choice) =>
    blockSecrets(choice.kind, choice).map((secret) => ({ ...secret, kind: choice.kind })),
  )
  const found = await presentSecrets(
    resolveSecrets,
    wanted.map(({ reference }) => reference),
  )
  const missing = wanted.find(({ reference, named }) => named && found[reference] === undefined)
  if (!missing) return found
  throw new StudioError(
    'provider_failed',
    `The key "${missing.reference}" that "${name}" names for its ${missing.kind.toUpperCase()} is not on this machine.`,
    'Paste the key in Models & keys (or set the variable and start again), or choose another provider in Voice & models.',
  )
}
