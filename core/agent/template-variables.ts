import { createLiquid } from './liquid-engine.ts'

/** A place in a template, as offsets. */
export type TextRange = Readonly<{ start: number; end: number }>

/** A variable that a template reads: `user_details.name`. */
export type TemplateVariable = Readonly<{
  name: string
  /** Every place that prints it has `| default:`, so that it may be absent. */
  has_default: boolean
  /** Where it stands, as far as it is written with dots. */
  ranges: readonly TextRange[]
}>

/** The variables that a template takes from outside, in the order of their first use; none when its syntax is broken. */
export function templateVariables(template: string): readonly TemplateVariable[] {
  const names = globalNames(template)
  const parts = liquidParts(template)
  return names.map((name) => {
    const uses = parts.flatMap((part) => usesOf(name, part))
    const printed = uses.filter((use) => use.printed)
    return {
      name,
      has_default: printed.length > 0 && printed.every((use) => use.has_default),
      ranges: uses.map(({ start, end }) => ({ start, end })),
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

type Part = Readonly<{ start: number; code: string; printed: boolean }>

/** Everything between `{{ }}` and `{% %}`. */
const liquidParts = (template: string): Part[] =>
  [...template.matchAll(/\{\{-?([\s\S]*?)-?\}\}|\{%-?([\s\S]*?)-?%\}/g)].map((match) => ({
    start: match.index + match[0].indexOf(match[1] ?? match[2] ?? ''),
    code: match[1] ?? match[2] ?? '',
    printed: match[1] !== undefined,
  }))

function usesOf(name: string, { start, code, printed }: Part): (TextRange & { printed: boolean; has_default: boolean })[] {
  const written = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const bare = code.replaceAll(/'[^']*'|"[^"]*"/g, (quoted) => ' '.repeat(quoted.length))
  return [...bare.matchAll(new RegExp(`(?<![\\w.-])${written}(?![\\w-]|\\.\\w)`, 'g'))].map((match) => ({
    start: start + match.index,
    end: start + match.index + name.length,
    printed,
    has_default: /\|\s*default\s*:/.test(bare),
  }))
}
