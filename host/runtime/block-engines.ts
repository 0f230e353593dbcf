import type { Engines } from '../../core/contract/runtime.ts'
import { isStreaming } from '../../core/local-models/speech-folder.ts'
import { findProvider, type ProviderKind } from '../../core/providers/index.ts'
import type { LocalModels } from './local-model.ts'
import type { Runtime } from './runtime.ts'

/** A provider as a block names it. */
export type UsedProvider = Readonly<{ kind: ProviderKind; provider: string }>

/** Starts the engines that these providers need, and no others. */
export async function enginesFor(
  runtime: Pick<Runtime, 'engine'>,
  used: readonly UsedProvider[],
  local: LocalModels,
): Promise<Engines> {
  const [builtin, espeak, llm] = await Promise.all([
    used.some((one) => needsSpeech(one, local)) ? runtime.engine('speech', local.dir) : undefined,
    used.some(needsEspeak) ? runtime.engine('espeak') : undefined,
    used.some((one) => one.kind === 'llm' && idOf(one) === 'builtin') ? runtime.engine('llm', local.dir) : undefined,
  ])
  const streaming = local.models.flatMap(({ kind, model_id, family }) =>
    kind === 'stt' && family && isStreaming(family) ? [model_id] : [],
  )
  return {
    ...(builtin && { builtin }),
    ...(builtin && streaming.length > 0 && { streaming }),
    ...(espeak && { espeak }),
    ...(llm && { llm }),
  }
}

const idOf = ({ kind, provider }: UsedProvider): string | undefined => findProvider(kind, provider)?.id

/** A rehearsed STT still hears, where there is something to hear with. */
function needsSpeech(used: UsedProvider, { models }: LocalModels): boolean {
  if (used.kind === 'llm') return false
  if (idOf(used) === 'builtin') return true
  return used.kind === 'stt' && idOf(used) === 'rehearsal' && models.some(({ kind }) => kind === 'stt')
}

/** It speaks for a rehearsed voice, and is the last resort of one on the network. */
function needsEspeak(used: UsedProvider): boolean {
  if (used.kind !== 'tts') return false
  const id = idOf(used)
  return id === 'espeak-ng' || id === 'rehearsal' || findProvider('tts', used.provider)?.network === 'to its address'
}
