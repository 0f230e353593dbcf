import { LiquidError } from 'liquidjs'
import { createLiquid } from '../liquid-engine.ts'
import { liquidProblem } from '../prompt.ts'
import { templateVariables, type TextRange } from '../template-variables.ts'
import type { LintFinding } from './finding.ts'
import type { LintView } from './lint-view.ts'
import { nearestName } from './nearest-name.ts'

/** More of one kind help nobody. */
const MOST = 50

const PLACES = [
  ['instructions', '/prompt_config/instructions'],
  ['greeting', '/prompt_config/greeting'],
] as const

/** Broken Liquid, variables that nobody gives a value, and declared ones that nothing uses. */
export function liquidRules(view: LintView): LintFinding[] {
  const broken = PLACES.flatMap(([key, path]) => syntax(view[key], path))
  const unknown = PLACES.flatMap(([key, path]) => undefinedVariables(view[key], path, view))
  // With broken syntax nobody knows what is used.
  return [...broken, ...unknown, ...(broken.length === 0 ? unusedVariables(view) : [])]
}

function syntax(template: string, path: string): LintFinding[] {
  try {
    createLiquid().parse(template)
    return []
  } catch (cause) {
    const message = liquidProblem(cause)
    const hint = 'Mend the {{ }} or {% %}; until then the text is used as it stands, with the braces in it.'
    return [{ rule: 'liquid-syntax', severity: 'error', path, message, hint, range: placeOf(cause, template) }]
  }
}

function placeOf(cause: unknown, template: string): TextRange {
  if (!(cause instanceof LiquidError)) return { start: 0, end: template.length }
  const { begin, end } = cause.token
  return { start: begin, end: Math.max(end, Math.min(template.length, begin + 1)) }
}

function undefinedVariables(template: string, path: string, view: LintView): LintFinding[] {
  const declared = Object.keys(view.dynamic_vars)
  const isKnown = (name: string) =>
    declared.some((known) => name === known || name.startsWith(`${known}.`) || known.startsWith(`${name}.`))
  return templateVariables(template)
    .filter(({ name, has_default }) => !has_default && !isKnown(name))
    .slice(0, MOST)
    .flatMap(({ name, ranges }) => {
      const meant = nearestName(name, declared)
      const message = `the variable "${name}" is not declared and has no default: without a value nothing stands there`
      const hint = meant ? `Did you mean "${meant}"?` : `Write {{ ${name} | default: "…" }}, or declare it among the variables.`
      return (ranges.length > 0 ? ranges : [undefined]).map((range) => ({
        rule: 'undefined-variable',
        severity: 'warning' as const,
        path,
        message,
        hint,
        ...(range && { range }),
      }))
    })
}

function unusedVariables(view: LintView): LintFinding[] {
  const used = PLACES.flatMap(([key]) => templateVariables(view[key]).map(({ name }) => name))
  return Object.keys(view.dynamic_vars)
    .filter((name) => !used.some((other) => other === name || other.startsWith(`${name}.`) || name.startsWith(`${other}.`)))
    .map((name) => ({
      rule: 'unused-variable',
      severity: 'info',
      path: `/prompt_config/dynamic_vars/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      message: `the variable "${name}" is declared, and neither the prompt nor the greeting uses it`,
      hint: `Write {{ ${name} }} where it belongs, or remove it.`,
    }))
}
