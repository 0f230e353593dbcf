import type { AgentDocument } from '../../core/agent/document.ts'
import { parseAgent } from '../../core/agent/parse-agent.ts'
import { DocumentJson } from '../../core/contract/agents.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { AgentId } from '../../core/contract/ids.ts'
import type { SessionConfig } from '../../core/contract/runtime.ts'
import type { JournalBody } from '../../core/contract/session-events.ts'
import { blockSecrets } from '../../core/providers/index.ts'
import type { AgentHead, SessionDeps } from './session-deps.ts'

/*
 * Threat model: a session process talks to providers on the network and runs natives. It gets the values of exactly the references that
 * its agent's document uses in this modality, so that one agent's call never holds another one's keys.
 */

export type Modality = 'voice' | 'text'
export type Substitution = Extract<JournalBody, { type: 'provider.substituted' }>

/** What answers, made for this machine, and what had to be replaced for it. */
export type BuiltConfig = Readonly<{ config: SessionConfig; document: AgentDocument; substitutions: readonly Substitution[] }>

const REASON = 'The built-in speech set is not on this machine.'
const HINT =
  'Press "Get speech models" before a call or in Models & keys (or run `greenroom models get starter`); the next call uses it.'

export async function buildConfig(
  deps: Pick<SessionDeps, 'resolveSecrets' | 'builtinModelsDir' | 'runtime'>,
  agent_id: string,
  { content, revision }: AgentHead,
  modality: Modality,
): Promise<BuiltConfig> {
  const asked = readDocument(content)
  const modelsDir = deps.builtinModelsDir()
  const substitutions = modality === 'voice' && modelsDir === undefined ? substitutionsFor(asked) : []
  const document = substitutions.reduce(substitute, asked)
  const [secrets, engines] = await Promise.all([
    secretsOf(deps, document, modality),
    modality === 'voice' ? enginesOf(deps, document, modelsDir) : {},
  ])
  return {
    config: {
      agent_id: AgentId.parse(agent_id),
      revision,
      content: DocumentJson.parse(document),
      secrets,
      engines,
      prices: [],
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

function substitutionsFor({ stt_config, tts_config }: AgentDocument): Substitution[] {
  const replaced = { type: 'provider.substituted', asked: 'builtin', reason: REASON, hint: HINT } as const
  return [
    ...(stt_config.provider === 'builtin' ? [{ ...replaced, kind: 'stt' as const, used: 'rehearsal' }] : []),
    ...(tts_config.provider === 'builtin' ? [{ ...replaced, kind: 'tts' as const, used: 'espeak-ng' }] : []),
  ]
}

/** Model and voice belong to the provider that is not there. */
function substitute(document: AgentDocument, { kind, used }: Substitution): AgentDocument {
  if (kind === 'stt') {
    const { model: _, ...kept } = document.stt_config
    return { ...document, stt_config: { ...kept, provider: used } }
  }
  const { model: _, voice_id: __, voice_name: ___, ...kept } = document.tts_config
  return { ...document, tts_config: { ...kept, provider: used } }
}

/** A reference that the document names must lead somewhere; a provider's usual variable may be absent, as local servers need no key. */
async function secretsOf(
  { resolveSecrets }: Pick<SessionDeps, 'resolveSecrets'>,
  { name, stt_config, llm_config, tts_config }: AgentDocument,
  modality: Modality,
): Promise<Record<string, string>> {
  const blocks = [
    { kind: 'llm' as const, ...llm_config },
    ...(modality === 'voice'
      ? [
          { kind: 'stt' as const, ...stt_config },
          { kind: 'tts' as const, ...tts_config },
        ]
      : []),
  ]
  const wanted = blocks.flatMap((block) => blockSecrets(block.kind, block).map((secret) => ({ ...secret, kind: block.kind })))
  const references = wanted.map(({ reference }) => reference)
  const values = await Promise.all([...new Set(references)].map((reference) => resolveIfThere(resolveSecrets, reference)))
  const found = Object.fromEntries(values.flatMap((value) => Object.entries(value)))
  const missing = wanted.find(({ reference, named }) => named && found[reference] === undefined)
  if (!missing) return found
  throw new StudioError(
    'provider_failed',
    `The key "${missing.reference}" that "${name}" names for its ${missing.kind.toUpperCase()} is not on this machine.`,
    'Paste the key in Models & keys (or set the variable and start again), or choose another provider in Voice & models.',
  )
}

/** One at a time, because one that is missing is for each to judge. */
async function resolveIfThere(
  resolve: SessionDeps['resolveSecrets'],
  reference: string,
): Promise<Readonly<Record<string, string>>> {
  try {
    return await resolve([reference])
  } catch (error) {
    if (error instanceof StudioError && error.code === 'not_found') return {}
    throw error
  }
}

async function enginesOf(
  { runtime }: Pick<SessionDeps, 'runtime'>,
  { stt_config, tts_config }: AgentDocument,
  modelsDir: string | undefined,
): Promise<SessionConfig['engines']> {
  const uses = (provider: string) => stt_config.provider === provider || tts_config.provider === provider
  const [builtin, espeak] = await Promise.all([
    uses('builtin') ? runtime.engine('speech', modelsDir) : undefined,
    uses('espeak-ng') ? runtime.engine('espeak') : undefined,
  ])
  return { ...(builtin && { builtin }), ...(espeak && { espeak }) }
}
