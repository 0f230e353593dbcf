import * as z from 'zod'
import { Semver } from './agents.ts'
import { AgentId, Millis, TenantId } from './ids.ts'
import { operation } from './operation.ts'
import { PageQuery } from './page.ts'

/** A share of an agent's callers, sticky by `user_id`. */
export const ReleaseArm = z.object({ version: Semver, weight: z.number().min(0).max(1_000_000) })
export type ReleaseArm = Readonly<z.infer<typeof ReleaseArm>>

/** Past one of these a rollout stops by itself: everybody gets the version before, or the other agents. A name that is none of these would bound nothing. */
export const ReleaseBounds = z.strictObject({
  /** Share of sessions with an error, 0 to 1. */
  max_error_rate: z.number().min(0).max(1).default(0.2),
  /** p95 of the silence heard before an answer, ms. */
  max_silence_p95_ms: z.int().min(100).max(600_000).optional(),
  /** Nothing is judged before the new version, or the agent, has answered so many sessions. */
  min_sessions: z.int().min(1).max(1_000_000).default(20),
})
export type ReleaseBounds = Readonly<z.infer<typeof ReleaseBounds>>

export const Release = z.object({
  release_id: z.string(),
  agent_id: AgentId,
  /** The new one. */
  version: Semver,
  /** What was served before, and is again when the rollout stops. */
  previous: Semver,
  /** Of callers who get `version`, 0 to 1. */
  share: z.number().min(0).max(1),
  bounds: ReleaseBounds,
  state: z.enum(['rolling', 'complete', 'stopped']),
  /** Why it stopped, in plain words. */
  reason: z.string().optional(),
  created_at: Millis,
  updated_at: Millis,
})
export type Release = Readonly<z.infer<typeof Release>>

export const ArmStats = z.object({
  version: Semver,
  sessions: z.int(),
  turns: z.int(),
  /** Share of sessions with an error. */
  error_rate: z.number(),
  silence_p50_ms: z.number().optional(),
  silence_p95_ms: z.number().optional(),
})
export type ArmStats = Readonly<z.infer<typeof ArmStats>>

const base = '/api/v1/releases' as const
const one = z.object({ release_id: z.string().min(1).max(64) })
const Shown = z.object({ release: Release, arms: z.array(ArmStats) })

export const releaseOperations = {
  'release.list': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'Rollouts, newest first',
    rest: { method: 'GET', path: base },
    input: PageQuery.extend({ agent_id: AgentId.optional() }),
    output: z.object({ releases: z.array(Release), count: z.int(), next_cursor: z.string().optional() }),
  }),
  'release.create': operation({
    kind: 'command',
    role: 'developer',
    audit: 'release',
    summary: 'Serve a published version to a share of callers (1: to all at once)',
    rest: { method: 'POST', path: base, status: 201 },
    input: z.object({
      agent_id: AgentId,
      version: Semver,
      share: z.number().min(0).max(1).default(1),
      bounds: ReleaseBounds.prefault({}),
    }),
    output: Release,
  }),
  'release.get': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'A rollout and how each version does',
    rest: { method: 'GET', path: `${base}/:release_id` },
    input: one,
    output: Shown,
  }),
  'release.update': operation({
    kind: 'command',
    role: 'developer',
    audit: 'release',
    idempotent: true,
    summary: 'Change the share (1 completes it), the bounds, or stop it',
    rest: { method: 'PUT', path: `${base}/:release_id` },
    input: one.extend({
      share: z.number().min(0).max(1).optional(),
      bounds: ReleaseBounds.optional(),
      state: z.enum(['rolling', 'stopped']).optional(),
      /** Why it is stopped, for those who look later; absent: by whom. */
      reason: z.string().trim().min(1).max(500).optional(),
    }),
    output: Release,
  }),
} as const

/** A rollout began, moved, or stopped. Without an agent: of any. */
export const ReleaseEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('release.changed'), agent_id: AgentId.optional(), tenant_id: TenantId.optional() }),
])
