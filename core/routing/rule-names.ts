import type { RouteRule } from './decision.ts'

/** How the rules are called wherever a decision is shown. */
export const RULE_NAMES: Readonly<Record<RouteRule, string>> = {
  explicit: 'Named',
  purpose: 'Purpose',
  attributes: 'Attributes',
  hours: 'Hours',
  weights: 'A/B weights',
  tenant_default: 'Default agent',
  default: 'Worker’s default',
}
