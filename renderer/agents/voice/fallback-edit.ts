import type { DocumentJson } from '../../../core/contract/index.ts'
import type { ProviderKind } from '../../../core/providers/index.ts'
import { valueAt, withValueAt, type JsonValue } from '../document-edit.ts'
import { groupOf } from './provider-groups.ts'
import { listOf } from './provider-block.ts'
import { BLOCKS, providerAt } from './slot.ts'

/** As many as the document takes. */
export const MOST_FALLBACKS = 3
/** When the document does not say: long enough for a slow first token, short enough that nobody hangs up. */
export const USUAL_FALLBACK_MS = 4000

export function fallbacksOf(content: DocumentJson, kind: ProviderKind): readonly JsonValue[] {
  const list = valueAt(content, [BLOCKS[kind], 'fallbacks'])
  return Array.isArray(list) ? list : []
}

/** None left: the keys go too, so that a document without fallbacks looks as before. */
function withFallbacks(content: DocumentJson, kind: ProviderKind, list: readonly JsonValue[]): DocumentJson {
  if (list.length > 0) return withValueAt(content, [BLOCKS[kind], 'fallbacks'], [...list])
  return withValueAt(withValueAt(content, [BLOCKS[kind], 'fallbacks'], undefined), [BLOCKS[kind], 'fallback_after_ms'], undefined)
}

/** The next choice begins with something that is not chosen yet, inside of the studio where there is one: it answers when the network does not. */
export function addFallback(content: DocumentJson, kind: ProviderKind): DocumentJson {
  const list = fallbacksOf(content, kind)
  const taken = [0, ...list.map((_, index) => index + 1)].map((index) => providerAt(content, { kind, index })?.id)
  const free = listOf(kind).filter(({ id, is_ai }) => is_ai && !taken.includes(id))
  const next =
    free.find(({ network }) => network === 'never') ??
    free.find((provider) => groupOf(provider) === 'key') ??
    free[0] ??
    listOf(kind)[0]
  return next ? withFallbacks(content, kind, [...list, { provider: next.id }]) : content
}

export const removeFallback = (content: DocumentJson, kind: ProviderKind, at: number): DocumentJson =>
  withFallbacks(
    content,
    kind,
    fallbacksOf(content, kind).filter((_, index) => index !== at),
  )

/** Changes places with the one before; the first one changes nothing. */
export function raiseFallback(content: DocumentJson, kind: ProviderKind, at: number): DocumentJson {
  const list = [...fallbacksOf(content, kind)]
  const [one, before] = [list[at], list[at - 1]]
  if (one === undefined || before === undefined) return content
  list[at - 1] = one
  list[at] = before
  return withFallbacks(content, kind, list)
}
