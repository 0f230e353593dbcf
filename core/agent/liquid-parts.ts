/** One `{{ }}` or `{% %}` of a template: where it begins and ends, and what stands inside. */
export type LiquidPart = Readonly<{ start: number; end: number; code: string; code_start: number; printed: boolean }>

/** Finds them in one pass, however many are never closed. */
export function liquidParts(template: string): readonly LiquidPart[] {
  const parts: LiquidPart[] = []
  const closing = { '}}': -1, '%}': -1 }
  /** Where `sign` stands next; looked for once per place, for a missing one would be looked for again and again. */
  const next = (sign: '}}' | '%}', from: number): number => {
    if (closing[sign] < from) {
      const at = template.indexOf(sign, from)
      closing[sign] = at < 0 ? Infinity : at
    }
    return closing[sign]
  }
  let at = template.indexOf('{')
  while (at >= 0) {
    const sign = template.charAt(at + 1)
    const end = sign === '{' ? next('}}', at + 2) : sign === '%' ? next('%}', at + 2) : Infinity
    if (end < Infinity) {
      parts.push({ start: at, end: end + 2, code: template.slice(at + 2, end), code_start: at + 2, printed: sign === '{' })
      at = end + 1
    }
    at = template.indexOf('{', at + 1)
  }
  return parts
}

/** The template with its Liquid blanked out, so that offsets stay right. */
export function withoutLiquid(template: string): string {
  let text = ''
  let at = 0
  for (const { start, end } of liquidParts(template)) {
    text += template.slice(at, start) + ' '.repeat(end - start)
    at = end
  }
  return text + template.slice(at)
}
