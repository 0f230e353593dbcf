import { createLiquid } from './liquid-engine.ts'
import { liquidParts, type LiquidPart } from './liquid-parts.ts'

/** A place in a template, as offsets. */
export type TextRange = Readonly<{ start: number; end: number }>

/** A variable that a template reads: `user_details.name`. */
export type TemplateVariable = Readonly<{
  name: string
  /** Every place that prints it has `| default:`, so that it may be absent. */
  has_default: boolean
  /** Where it stands, as far as it is written with dots or numbers. */
  ranges: readonly TextRange[]
}>

/** Liquid's analysis takes time by the square of this; no prompt that people write comes near. */
const MOST_PARTS = 1000

/** The variables that a template takes from outside, in the order of their first use; none when its syntax is broken. */
export function templateVariables(template: string): readonly TemplateVariable[] {
  const parts = liquidParts(template)
  if (parts.length === 0 || parts.length > MOST_PARTS) return []
  const names = globalNames(template)
  const uses = new Map(names.map((name) => [name, Array.of<Use>()]))
  for (const use of parts.flatMap(usesIn)) uses.get(use.name)?.push(use)
  return names.map((name) => {
    const found = uses.get(name) ?? []
    const printed = found.filter((use) => use.printed)
    return {
      name,
      has_default: printed.length > 0 && printed.every((use) => use.has_default),
      ranges: found.map(({ start, end }) => ({ start, end })),
    }
  })
}

function globalNames(template: string): string[] {
  try {
    const liquid = createLiquid()
    const segments = liquid.globalVariableSegmentsSync(liquid.parse(template))
    return [...new Set(segments.map((path) => fixedPath(path).join('.')))]
  } catch {
    return []
  }
}

/** `a[b].c` is known only as far as `a`. */
function fixedPath(path: readonly unknown[]): (string | number)[] {
  const fixed: (string | number)[] = []
  for (const segment of path) {
    if (typeof segment !== 'string' && typeof segment !== 'number') break
    fixed.push(segment)
  }
  return fixed
}

type Use = TextRange & Readonly<{ name: string; printed: boolean; has_default: boolean }>

/** Everything in a part that looks like a variable; which of them are, the parser has said. */
function usesIn({ code, code_start, printed }: LiquidPart): Use[] {
  const bare = code.replaceAll(/'[^']*'|"[^"]*"/g, (quoted) => ' '.repeat(quoted.length))
  const has_default = /\|\s*default\s*:/.test(bare)
  return [...bare.matchAll(/(?<![\w.-])[A-Za-z_][\w-]*(?:\.[\w-]+|\[\d+\])*/g)].map(({ 0: written, index }) => ({
    name: written.replaceAll(/\[(\d+)\]/g, '.$1'),
    start: code_start + index,
    end: code_start + index + written.length,
    printed,
    has_default,
  }))
}
