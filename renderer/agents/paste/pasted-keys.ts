import { pastedKeys } from '../../../core/agent/secret-scan.ts'
import type { DocumentJson } from '../../../core/contract/index.ts'
import { isOwnSite } from '../../../core/providers/index.ts'
import { fallbacksOf } from '../voice/fallback-edit.ts'
import { secretName } from '../voice/secret-name.ts'
import { blockAt, providerAt, slotPath, type Slot } from '../voice/slot.ts'
import { withValueAt } from '../document-edit.ts'

/** A key in a text that somebody is about to paste into the agent. */
export type KeyInText = Readonly<{
  /** `an OpenAI-style key`. */
  what: string
  /** The name that is offered for it. */
  name: string
  value: string
  start: number
  end: number
}>

export const keysInText = (text: string, under: string): readonly KeyInText[] =>
  pastedKeys(text, under).map(({ what, name, range: { start, end } }) => ({
    what,
    name: name || 'key',
    value: text.slice(start, end).trim(),
    start,
    end,
  }))

/** The text with every key replaced; a text that is nothing but a key leaves nothing behind in a place that is not for keys. */
export function withReplacedKeys(text: string, keys: readonly KeyInText[], replacement: (at: number) => string): string {
  const [only] = keys
  if (only && keys.length === 1 && text.trim() === only.value) return ''
  return replaceKeys(text, keys, replacement)
}

export const replaceKeys = (text: string, keys: readonly KeyInText[], replacement: (at: number) => string): string =>
  keys.reduceRight((now, { start, end }, at) => now.slice(0, start) + replacement(at) + now.slice(end), text)

/** Choices of this agent whose provider is opened by keys of this name. */
export const slotsOpenedBy = (content: DocumentJson, name: string): readonly Slot[] =>
  allSlots(content).filter((slot) => {
    const provider = providerAt(content, slot)
    if (provider?.needs.kind !== 'secret') return false
    const base_url = blockAt(content, slot)['base_url']
    const address = typeof base_url === 'string' ? base_url : undefined
    // An agent may come from a stranger: an address that only sounds like the provider's gets no key by itself.
    return isOwnSite(provider, address) && secretName(provider, address) === name
  })

const allSlots = (content: DocumentJson): readonly Slot[] =>
  (['llm', 'stt', 'tts'] as const).flatMap((kind) =>
    [0, ...fallbacksOf(content, kind).map((_, at) => at + 1)].map((index): Slot => ({ kind, index })),
  )

/** Puts the reference where it belongs: to the providers that the key opens. */
export const withReference = (content: DocumentJson, slots: readonly Slot[], name: string): DocumentJson =>
  slots.reduce((now, slot) => withValueAt(now, [...slotPath(slot), 'api_key'], `secret:${name}`), content)
