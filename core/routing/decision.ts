import * as z from 'zod'
import { AgentId } from '../contract/ids.ts'

/** The rules in the order in which they are asked; the first match wins. */
export const ROUTE_RULES = ['explicit', 'purpose', 'attributes', 'hours', 'weights', 'tenant_default', 'default'] as const
export const RouteRule = z.enum(ROUTE_RULES)
export type RouteRule = z.infer<typeof RouteRule>

/** Where something was read, in the order in which each rule looks. */
export const ROUTE_SOURCES = [
  'dispatch_name',
  'job_metadata',
  'room_metadata',
  'participant_metadata',
  'participant_attributes',
] as const
export const RouteSource = z.enum(ROUTE_SOURCES)
export type RouteSource = z.infer<typeof RouteSource>

/** What one rule said. `unknown`: what it needs is not known yet (nobody has joined). */
export const RuleResult = z.object({
  rule: RouteRule,
  result: z.enum(['matched', 'no_match', 'skipped', 'refused', 'unknown']),
  /** Plain words: why it matched or did not. */
  reason: z.string(),
  source: RouteSource.optional(),
  agent_id: AgentId.optional(),
})
export type RuleResult = Readonly<z.infer<typeof RuleResult>>

/** Which agent answers, and why that one. No `agent_id`: nobody does, `reason` says why, and the session ends with these words. */
export const RouteDecision = z.object({
  agent_id: AgentId.optional(),
  rule: RouteRule.optional(),
  reason: z.string(),
  /** Every rule that was asked, in order; those behind the match as `skipped`. */
  rules: z.array(RuleResult),
  /** Who calls, as far as it was said. */
  user_id: z.string().optional(),
  /** Values for the prompt: `user_details` of the metadata. */
  variables: z.record(z.string(), z.json()),
  /** Of this one session; checked against the whitelist. */
  overrides: z.record(z.string(), z.json()),
  /** What was refused, by path (JSON pointer), e.g. an override outside of the whitelist or another tenant. */
  refused: z.array(z.object({ path: z.string(), message: z.string() })),
})
export type RouteDecision = Readonly<z.infer<typeof RouteDecision>>
