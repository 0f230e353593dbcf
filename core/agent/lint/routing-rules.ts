import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../json.ts'
import { foldName } from '../../routing/route-book.ts'
import { DAYS, HoursRule } from '../../routing/routing-config.ts'
import type { LintFinding } from './finding.ts'
import type { LintView } from './lint-view.ts'

/** Attributes that name an agent, a purpose or a tenant are read by rules of their own, or not at all. */
const TAKEN_KEYS: Readonly<Record<string, string>> = {
  agent_id: 'It names an agent by itself.',
  agentName: 'It names an agent by itself.',
  agent_name: 'It names an agent by itself.',
  purpose: 'Write it under purposes.',
  tenant_id: 'The tenant comes from the credential alone.',
  overrides: 'It changes the session, it leads nowhere.',
  user_details: 'Name a key in it instead, such as tier.',
}

/** What leads callers to the agent, where it is not what its author thinks. */
export function routingRules({ content }: LintView): LintFinding[] {
  const routing = content['routing']
  if (!isJsonObject(routing)) return []
  return [
    ...purposes(listOf(routing['purposes'])),
    ...listOf(routing['attributes']).flatMap((rule, index) => attribute(rule, `/routing/attributes/${index}`)),
    ...hours(listOf(routing['hours'])),
  ]
}

function purposes(list: readonly Json[]): LintFinding[] {
  const names = list.map((name) => (typeof name === 'string' ? foldName(name) : ''))
  return names.flatMap((name, index) => {
    if (name === '' || names.indexOf(name) === index) return []
    const message = `the purpose "${name}" is there twice`
    return [finding('purpose-twice', 'info', `/routing/purposes/${index}`, message, 'One is enough; case does not matter.')]
  })
}

function attribute(rule: Json, path: string): LintFinding[] {
  if (!isJsonObject(rule) || typeof rule['key'] !== 'string') return []
  const { key } = rule
  const why = Object.hasOwn(TAKEN_KEYS, key) ? TAKEN_KEYS[key] : undefined
  if (why !== undefined)
    return [finding('attribute-taken', 'warning', `${path}/key`, `"${key}" does not tell callers apart here`, why)]
  if (isJsonArray(rule['equals']) && rule['equals'].length === 0) {
    const message = `"${key}" must be one of no values, which never happens`
    return [finding('attribute-never', 'warning', `${path}/equals`, message, 'Add a value, or leave "equals" out.')]
  }
  return []
}

/** Hours that leave no minute of the week to anybody else. */
function hours(list: readonly Json[]): LintFinding[] {
  const always = list.findIndex((rule) => {
    const sound = HoursRule.safeParse(rule)
    return sound.success && new Set(sound.data.days).size === DAYS.length && sound.data.from === sound.data.to
  })
  if (always < 0) return []
  const message = 'these hours are always open: this agent answers whoever is led nowhere before'
  const hint = 'To answer everybody, make it the default agent instead; A/B weights are never asked like this.'
  return [finding('hours-always', 'warning', `/routing/hours/${always}`, message, hint)]
}

const finding = (rule: string, severity: LintFinding['severity'], path: string, message: string, hint: string): LintFinding => ({
  ...{ rule, severity, path, message, hint },
})

const listOf = (value: JsonObject[string] | undefined): readonly Json[] => (isJsonArray(value) ? value.slice(0, 50) : [])
