import { withoutLiquid, liquidParts } from '../../../core/agent/liquid-parts.ts'
import { jsonTokens, type JsonToken } from '../../ui/json-tokens.ts'

/** A coloured piece of a template. */
export type TemplateToken = Readonly<{ kind: JsonToken['kind'] | 'liquid'; text: string }>

/** Liquid stands out; around it, what looks like JSON has JSON's colours. Every character is kept. */
export function templateTokens(template: string): readonly TemplateToken[] {
  const parts = liquidParts(template)
  const base: readonly TemplateToken[] = /^\s*[[{](?![{%])/.test(template)
    ? jsonTokens(withoutLiquid(template))
    : [{ kind: 'plain', text: template }]
  const tokens: TemplateToken[] = []
  let at = 0
  for (const { kind, text } of base) {
    const end = at + text.length
    while (at < end) {
      const part = parts.find((one) => one.end > at && one.start < end)
      if (!part) {
        tokens.push({ kind, text: template.slice(at, end) })
        at = end
      } else if (part.start > at) {
        tokens.push({ kind, text: template.slice(at, part.start) })
        at = part.start
      } else {
        const until = Math.min(part.end, end)
        tokens.push({ kind: 'liquid', text: template.slice(at, until) })
        at = until
      }
    }
  }
  return tokens
}
