import type { RouteWeights } from '../contract/routing.ts'
import { attributeRule } from './attribute-rule.ts'
import { callerFacts, own, type SourceFacts } from './caller-facts.ts'
import { ROUTE_RULES, type RouteDecision, type RouteRule, type RouteSource, type RuleResult } from './decision.ts'
import { defaultRule, tenantDefaultRule } from './default-rules.ts'
import { explicitRule } from './explicit-rule.ts'
import { hoursRule } from './hours-rule.ts'
import { copyObject } from './json-copy.ts'
import { checkOverrides, type Refusal } from './override-rules.ts'
import { purposeRule } from './purpose-rule.ts'
import type { RouteBook } from './route-book.ts'
import type { RouteRequest } from './route-request.ts'
import type { RuleContext, Rules, Verdict } from './rule-context.ts'
import { quoted, SOURCE_WORDS } from './source-words.ts'
import { weightsRule } from './weights-rule.ts'

export type RouteOptions = Readonly<{
  /** ms since the epoch. */
  now: number
  /** The studio's own dispatch name, which names no agent. */
  private_name?: string | undefined
  /** Of the credential or the worker's settings; metadata that says another one is refused. */
  tenant_id?: string | undefined
  /** Sources that the caller cannot write; the caller's own may neither name an agent nor bring overrides. */
  trusted?: readonly RouteSource[] | undefined
  /** The worker's own default. */
  default_agent_id?: string | undefined
  /** What the user whom `signedUser` names has chosen for its calls. */
  user_default?: RuleContext['user_default']
}>

/** What a dispatcher or a holder of the server's key has written. */
export const SIGNED_SOURCES: readonly RouteSource[] = ['dispatch_name', 'job_metadata', 'room_metadata']

const RULES: Rules = {
  explicit: explicitRule,
  purpose: purposeRule,
  attributes: attributeRule,
  hours: hoursRule,
  weights: weightsRule,
  tenant_default: tenantDefaultRule,
  default: defaultRule,
}

/** Those that metadata alone can decide, before anybody has joined. */
const BY_METADATA: readonly RouteRule[] = ['explicit', 'purpose', 'attributes']

/** Which agent answers: the first rule that matches. Pure, and never throws, whatever the metadata is. */
export function decideRoute(
  request: RouteRequest,
  book: RouteBook,
  weights: RouteWeights,
  { now, private_name, tenant_id, trusted = SIGNED_SOURCES, default_agent_id, user_default }: RouteOptions,
): RouteDecision {
  const facts = callerFacts(request, { trusted, private_name })
  const { room_name, participant } = request
  const joined = participant !== undefined
  const context = {
    book,
    weights,
    facts,
    joined,
    identity: participant?.identity ?? '',
    room_name,
    now,
    default_agent_id,
    user_default,
  }
  const user_id = facts.find((one) => one.user_id !== undefined)?.user_id
  const caller = { ...(user_id !== undefined && { user_id }), variables: variablesOf(facts, user_id) }
  const foreign = foreignTenant(facts, tenant_id)
  if (foreign) return { ...caller, ...refusedWhole(foreign), overrides: {} }
  const { overrides, refused } = overridesOf(facts)
  return { ...caller, ...askRules(context), overrides, refused }
}

/** Whom sources that the caller cannot write name as the one who calls. */
export const signedUser = (
  request: RouteRequest,
  { private_name, trusted = SIGNED_SOURCES }: Pick<RouteOptions, 'private_name' | 'trusted'>,
): string | undefined =>
  callerFacts(request, { trusted, private_name }).find((one) => one.trusted && one.user_id !== undefined)?.user_id

/** Nobody answers yet, because it depends on who joins: find out, and decide again. */
export const awaitsParticipant = ({ agent_id, rules }: RouteDecision): boolean =>
  agent_id === undefined && rules.some(({ result }) => result === 'unknown')

type Asked = Pick<RouteDecision, 'agent_id' | 'rule' | 'reason' | 'rules'>

function askRules(context: RuleContext): Asked {
  const rules: RuleResult[] = []
  let winner: RuleResult | undefined
  for (const rule of ROUTE_RULES) {
    const result = winner ? skipped(rule, 'A rule before it has decided.') : askRule(rule, context, rules)
    rules.push(result)
    if (result.result === 'matched') winner = result
  }
  const unreadable = context.facts.filter((facts) => facts.unreadable).map(({ source }) => SOURCE_WORDS[source])
  const remark = unreadable.length > 0 ? ` (Not read, for it is no JSON object: ${unreadable.join(', ')}.)` : ''
  if (winner?.agent_id !== undefined)
    return { agent_id: winner.agent_id, rule: winner.rule, reason: winner.reason + remark, rules }
  if (rules.some(({ result }) => result === 'unknown')) return { reason: `It depends on who joins.${remark}`, rules }
  return {
    reason: `No agent answers: nothing leads to one that is there and enabled. Give an agent a purpose, or make one the default.${remark}`,
    rules,
  }
}

/** What comes after the metadata waits while the caller's own could still decide. */
function askRule(rule: RouteRule, context: RuleContext, before: readonly RuleResult[]): RuleResult {
  const waits = !BY_METADATA.includes(rule) && before.some(({ result }) => result === 'unknown')
  return waits ? skipped(rule, 'Asked when somebody has joined.') : resultOf(rule, RULES[rule](context))
}

function resultOf(rule: RouteRule, verdict: Verdict): RuleResult {
  const source = 'source' in verdict && verdict.source !== undefined ? { source: verdict.source } : {}
  const agent = verdict.result === 'matched' ? { agent_id: verdict.agent.agent_id } : {}
  return { rule, result: verdict.result, reason: verdict.reason, ...source, ...agent }
}

const skipped = (rule: RouteRule, reason: string): RuleResult => ({ rule, result: 'skipped', reason })

/** What the prompt may use: the details of all sources, where the earlier one wins. */
function variablesOf(facts: readonly SourceFacts[], user_id: string | undefined): RouteDecision['variables'] {
  const details = [...facts].reverse().flatMap((source) => Object.entries(source.details))
  return {
    ...(user_id !== undefined && { user_id }),
    ...(details.length > 0 && { user_details: copyObject(Object.fromEntries(details)) }),
  }
}

/** Of the first source that brings some; what the caller itself wrote is refused. */
function overridesOf(facts: readonly SourceFacts[]): Pick<RouteDecision, 'overrides' | 'refused'> {
  const refused: Refusal[] = []
  let overrides: RouteDecision['overrides'] | undefined
  for (const { source, trusted, values } of facts) {
    const brought = own(values, 'overrides')
    if (brought === undefined || brought === null) continue
    const path = `/${source}/overrides`
    if (!trusted) refused.push({ path, message: 'The caller can write this, and may change nothing of the agent.' })
    else if (overrides) refused.push({ path, message: 'Overrides were read from a source before it.' })
    else {
      const checked = checkOverrides(brought, path)
      overrides = copyObject(checked.overrides)
      refused.push(...checked.refused)
    }
  }
  return { overrides: overrides ?? {}, refused }
}

/** The tenant comes from the credential alone. */
const foreignTenant = (facts: readonly SourceFacts[], tenant_id: string | undefined): SourceFacts | undefined =>
  tenant_id === undefined ? undefined : facts.find((one) => one.tenant_id !== undefined && one.tenant_id !== tenant_id)

function refusedWhole({ source, tenant_id = '' }: SourceFacts): Asked & Pick<RouteDecision, 'refused'> {
  const message = `${SOURCE_WORDS[source]} says the tenant ${quoted(tenant_id)}, which is not the one of this connection.`
  const reason = `Refused: ${message}`
  return {
    reason,
    rules: ROUTE_RULES.map((rule) => ({ rule, result: 'refused', reason: 'Another tenant is never answered here.', source })),
    refused: [{ path: `/${source}/tenant_id`, message }],
  }
}
