import type { InputOf } from '../../../core/contract/index.ts'
import { findProvider, rehearsalPresets, sttPresets, ttsPresets, type ProviderKind } from '../../../core/providers/index.ts'
import type { SessionView } from '../../../core/session/session-view.ts'

/** What `session.start` takes: for each replaced kind, whose pace is rehearsed. */
export type WhatIf = NonNullable<InputOf<'session.start'>['what_if']>

export const KIND_WORDS: Readonly<Record<ProviderKind, string>> = {
  llm: 'Language model',
  stt: 'Speech to text',
  tts: 'Text to speech',
}
export const KINDS: readonly ProviderKind[] = ['llm', 'stt', 'tts']

/** A pace, and where it was published; '' for one of ours. */
export type PaceChoice = Readonly<{ id: string; label: string; help: string; source: string }>

const PRESETS = { llm: rehearsalPresets, stt: sttPresets, tts: ttsPresets } as const

/** The paces that can be rehearsed for a kind, as its rehearsal lists them. */
export function pacesOf(kind: ProviderKind): readonly PaceChoice[] {
  const presets: readonly Readonly<{ id: string; source?: string }>[] = PRESETS[kind]
  return (findProvider(kind, 'rehearsal')?.models ?? []).map(({ id, label, help }) => ({
    id,
    label,
    help,
    source: presets.find((preset) => preset.id === id)?.source ?? '',
  }))
}

export const paceOf = (kind: ProviderKind, id: string): PaceChoice | undefined => pacesOf(kind).find((pace) => pace.id === id)

/** What somebody chose earlier and this build no longer rehearses is left out, and so is what a typed call does not use. */
export function usableWhatIf(what_if: WhatIf, voice: boolean): WhatIf {
  const kept: WhatIf = {}
  for (const kind of KINDS) {
    const id = what_if[kind]
    if (id !== undefined && (voice || kind === 'llm') && paceOf(kind, id)) kept[kind] = id
  }
  return kept
}

/** What is rehearsed in a call, as its journal says. */
export const whatIfOf = (view: SessionView | undefined): WhatIf =>
  view?.events.find((event) => event.type === 'session.started')?.what_if ?? {}

/** `Language model at the pace of GPT-4.1`. */
export const whatIfWords = (what_if: WhatIf): readonly string[] =>
  KINDS.flatMap((kind) => {
    const id = what_if[kind]
    return id === undefined ? [] : [`${KIND_WORDS[kind]} at the pace of ${paceOf(kind, id)?.label ?? id}`]
  })
