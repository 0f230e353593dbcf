import type { AgentDocument } from '../../../core/agent/document.ts'
import { voiceFieldsOf, voiceWords } from '../../../core/agent/voice-words.ts'
import type { JsonObject } from '../../../core/json.ts'
import { defaultModel, findProvider, styleSent, voiceStyleOf } from '../../../core/providers/index.ts'
import type { SessionView, TurnView } from '../../../core/session/session-view.ts'

/** What became of a field that steers the voice; `written`: what the turn has written so far. */
export function styleNote(
  view: SessionView,
  turn: TurnView,
  document: AgentDocument | undefined,
  name: string,
  written: JsonObject,
): string | undefined {
  if (!document || written[name] === undefined) return undefined
  const { fields, spoken_field } = document.schema_config
  const place = (of: string) => fields.findIndex(({ field_name }) => field_name === of)
  const isLate = (of: string) => place(of) > place(spoken_field)
  if (isLate(name)) return 'written after the spoken field: steers the next reply'
  const words = voiceWords(
    voiceFieldsOf(document).filter(({ field_name }) => !isLate(field_name)),
    written,
  )
  return words === undefined ? undefined : fateOf(words, view, turn, document)
}

/** Sent as it stands, as something else, or not at all. */
function fateOf(words: string, view: SessionView, turn: TurnView, document: AgentDocument): string | undefined {
  const voice = voiceOf(view, turn, document)
  if (!voice) return undefined
  const { provider, model } = voice
  const name = findProvider('tts', provider)?.name ?? provider
  const sent = styleSent(provider, model, words)
  switch (voiceStyleOf(provider, model)) {
    case 'none':
      return `${name} takes no voice style: this has no effect on the sound`
    case 'instructions':
      return sent === undefined ? undefined : `sent to ${name} as it stands`
    case 'enum-map':
      return sent === undefined ? `${name} has no style that is near: nothing is sent` : `sent to ${name} as ${sent}`
  }
}

type Voice = Readonly<{ provider: string; model: string | undefined }>

/** Who spoke, when that is known: of a call by text nobody did, and after a fallback its journal has only a name for people. */
function voiceOf(view: SessionView, turn: TurnView, document: AgentDocument): Voice | undefined {
  const started = view.events.find((event) => event.type === 'session.started')
  if (started?.modality === 'text' || turn.fallbacks?.some(({ kind }) => kind === 'tts')) return undefined
  const replaced = view.events.findLast((event) => event.type === 'provider.substituted' && event.kind === 'tts')
  if (replaced?.type === 'provider.substituted') {
    const [provider = '', model] = replaced.used.split(' ')
    return { provider, model }
  }
  const { provider, model } = document.tts_config
  const found = findProvider('tts', provider)
  return { provider, model: model ?? (found && defaultModel(found)) }
}
